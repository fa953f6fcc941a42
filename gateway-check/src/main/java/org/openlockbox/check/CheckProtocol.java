package org.openlockbox.check;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.openlockbox.check.authzen.AuthzenApi;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.check.forward.ForwardAuth;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.check.session.AccessCheck;
import org.openlockbox.check.session.CheckSessions;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.http.socket.ProblemErrors;

/// Checks on a gateway: services ask by the AuthZEN API, proxies before they forward a request.
/// Each yes rests on the same proofs as any session, and is on record before it is given.
public final class CheckProtocol implements GatewayProtocol {
  private static final int THREADS = 6;

  private final Supplier<CheckConfig> newest;
  private volatile List<CheckResource> resources;
  private volatile CheckCallers callers;
  private @Nullable Server server;
  private @Nullable CheckConnector connector;
  private @Nullable CheckSessions sessions;

  private CheckProtocol(Supplier<CheckConfig> newest) {
    CheckConfig config = newest.get();
    this.newest = newest;
    this.resources = config.resources();
    this.callers = config.callers();
  }

  /// Makes the protocol for a start of the gateway. Its resources, its callers and its certificate
  /// may be others at each [#reload].
  public static GatewayProtocol.Factory of(Supplier<CheckConfig> newest) {
    return (_, _) -> new CheckProtocol(newest);
  }

  @Override
  public Collection<CheckResource> resources() {
    return resources;
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) throws IOException {
    CheckConfig config = newest.get();
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("check");
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    CheckSessions live = new CheckSessions(services, config.idle());
    sessions = live;
    Server made = new Server(threads);
    made.setErrorHandler(new ProblemErrors());
    CheckConnector listening = new CheckConnector(made, config.identity());
    listening.setHost(config.listen().getHostString());
    listening.setPort(config.listen().getPort());
    made.addConnector(listening);
    AccessCheck checks = new AccessCheck(services, live);
    made.setHandler(
        new CheckHandler(
            new AuthzenApi(config.url(), checks, this::resources),
            new ForwardAuth(checks, this::resources),
            () -> callers,
            services.nanoTime()));
    try {
      made.start();
    } catch (Exception e) {
      throw new IOException("checks cannot listen on " + config.listen(), e);
    }
    server = made;
    connector = listening;
    return listening.getLocalPort();
  }

  @Override
  public void reload() {
    CheckConfig config = newest.get();
    resources = config.resources();
    callers = config.callers();
    CheckConnector listening = connector;
    if (listening != null) {
      listening.show(config.identity());
    }
  }

  @Override
  public boolean isRunning() {
    Server running = server;
    return running == null || running.isRunning();
  }

  @Override
  public void stopListening() {
    CheckConnector listening = connector;
    if (listening != null) {
      listening.close();
    }
  }

  @Override
  public void close() {
    CheckSessions live = sessions;
    if (live != null) {
      live.close();
    }
    try {
      Server running = server;
      if (running != null) {
        running.stop();
      }
    } catch (Exception e) {
      throw new IllegalStateException("checks did not stop in order", e);
    }
  }
}
