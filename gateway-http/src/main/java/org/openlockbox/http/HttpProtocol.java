package org.openlockbox.http;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.Assertions;
import org.openlockbox.http.browser.BrowserLaunches;
import org.openlockbox.http.exchange.GatewayHandler;
import org.openlockbox.http.exchange.Upstreams;
import org.openlockbox.http.resource.HttpResource;
import org.openlockbox.http.session.HttpSessions;
import org.openlockbox.http.socket.GatedConnector;
import org.openlockbox.http.socket.ProblemErrors;
import org.openlockbox.http.websocket.WebSocketUpgrades;

/// HTTP on a gateway. Each request is recorded before it is forwarded, and held against the routes
/// of its resource; its answer passes the gate of its session at the socket.
public final class HttpProtocol implements GatewayProtocol {
  private static final int THREADS = 8;

  private final Supplier<HttpConfig> newest;
  private final GatewayIdentity identity;
  private final LongSupplier nanoTime;
  private final Upstreams upstreams;
  private volatile List<HttpResource> resources;
  private volatile AssertionKeys assertionKeys;
  private @Nullable Server server;
  private @Nullable GatedConnector connector;
  private @Nullable HttpSessions sessions;

  private HttpProtocol(
      Supplier<HttpConfig> newest, GatewayIdentity identity, LongSupplier nanoTime) {
    HttpConfig config = newest.get();
    this.newest = newest;
    this.identity = identity;
    this.assertionKeys = config.assertionKeys();
    this.nanoTime = nanoTime;
    this.resources = config.resources().apply(nanoTime);
    this.upstreams = new Upstreams(config.trust());
  }

  /// Makes the protocol for a start of the gateway. Its resources and its certificate may be others
  /// at each [#reload].
  public static GatewayProtocol.Factory of(Supplier<HttpConfig> newest) {
    return (identity, nanoTime) -> new HttpProtocol(newest, identity, nanoTime);
  }

  @Override
  public Collection<HttpResource> resources() {
    return resources;
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) throws IOException {
    HttpConfig config = newest.get();
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    HttpSessions live = new HttpSessions(services, config.idle());
    sessions = live;
    Server made = new Server(threads);
    made.setErrorHandler(new ProblemErrors());
    GatedConnector listening =
        new GatedConnector(made, config.identity(), config.logins(), services.nanoTime());
    listening.setHost(config.listen().getHostString());
    listening.setPort(config.listen().getPort());
    made.addConnector(listening);
    var assertions = new Assertions(identity.id(), () -> assertionKeys, services.clock());
    made.setHandler(
        new GatewayHandler(
            live,
            upstreams,
            new WebSocketUpgrades(made),
            assertions,
            new GatewayHandler.BrowserEntrance(
                config.sessionHosts(),
                new BrowserLaunches(services.random(), services.nanoTime()))));
    try {
      made.start();
    } catch (Exception e) {
      throw new IOException("HTTP cannot listen on " + config.listen(), e);
    }
    server = made;
    connector = listening;
    return listening.getLocalPort();
  }

  @Override
  public void reload() {
    HttpConfig config = newest.get();
    resources = config.resources().apply(nanoTime);
    assertionKeys = config.assertionKeys();
    GatedConnector listening = connector;
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
    GatedConnector listening = connector;
    if (listening != null) {
      listening.close();
    }
  }

  @Override
  public void close() {
    HttpSessions live = sessions;
    if (live != null) {
      live.close();
    }
    try {
      Server running = server;
      if (running != null) {
        running.stop();
      }
    } catch (Exception e) {
      throw new IllegalStateException("HTTP did not stop in order", e);
    } finally {
      upstreams.close();
    }
  }
}
