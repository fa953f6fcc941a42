package org.openlockbox.http;

import java.io.IOException;
import java.util.Collection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.http.exchange.GatewayHandler;
import org.openlockbox.http.exchange.Upstreams;
import org.openlockbox.http.resource.HttpResource;
import org.openlockbox.http.session.HttpSessions;
import org.openlockbox.http.socket.GatedConnector;

/// HTTP on a gateway. Each request is recorded before it is forwarded, and held against the routes
/// of its resource; its answer passes the gate of its session at the socket.
public final class HttpProtocol implements GatewayProtocol {
  private static final int THREADS = 8;

  private final HttpConfig config;
  private final Upstreams upstreams;
  private @Nullable Server server;
  private @Nullable GatedConnector connector;
  private @Nullable HttpSessions sessions;

  private HttpProtocol(HttpConfig config) {
    this.config = config;
    this.upstreams = new Upstreams(config.trust());
  }

  /// Makes the protocol for a start of the gateway.
  public static GatewayProtocol.Factory of(HttpConfig config) {
    return (_, _) -> new HttpProtocol(config);
  }

  @Override
  public Collection<HttpResource> resources() {
    return config.resources();
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    HttpSessions live = new HttpSessions(services, config.idle());
    sessions = live;
    Server made = new Server(threads);
    GatedConnector listening = new GatedConnector(made, config.identity());
    listening.setHost(config.listen().getHostString());
    listening.setPort(config.listen().getPort());
    made.addConnector(listening);
    made.setHandler(new GatewayHandler(live, upstreams));
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
