package org.openlockbox.http.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A server of Jetty that listens on one address with one connector: a protocol over HTTPS has one.
/// Each request has a virtual thread. What Jetty refuses itself is a problem ([ProblemErrors]).
public final class HttpsListener implements AutoCloseable {
  private static final int HEADER = 16 * 1024;

  private final String name;
  private final ServerTls tls;
  private final Server server;
  private final ServerConnector connector;

  /// @param name of what listens, in its threads and in what is said of it
  /// @param threads how many look after the sockets
  public HttpsListener(
      String name, int threads, ServerTls tls, Function<Server, ServerConnector> connector) {
    this.name = name;
    this.tls = tls;
    QueuedThreadPool pool = new QueuedThreadPool(threads);
    pool.setName(name);
    pool.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    this.server = new Server(pool);
    server.setErrorHandler(new ProblemErrors());
    this.connector = connector.apply(server);
    server.addConnector(this.connector);
  }

  /// What parts of Jetty ask for.
  public Server server() {
    return server;
  }

  /// How requests are read: strictly, so that nobody after us can read them in another way.
  public static HttpConfiguration strict() {
    HttpConfiguration strict = new HttpConfiguration();
    strict.setSendServerVersion(false);
    strict.setSendDateHeader(false);
    strict.setHttpCompliance(HttpCompliance.STRICT);
    strict.setUriCompliance(UriCompliance.UNAMBIGUOUS);
    strict.setRequestHeaderSize(HEADER);
    strict.setResponseHeaderSize(HEADER);
    return strict;
  }

  /// Begins to listen.
  ///
  /// @return the port
  public int start(InetSocketAddress address, Handler handler) throws IOException {
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.setHandler(handler);
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("cannot listen for %s on %s".formatted(name, address), e);
    }
    return connector.getLocalPort();
  }

  /// Shows this certificate to whoever connects from now on.
  public void show(SSLContext identity) {
    tls.show(identity);
  }

  public boolean isRunning() {
    return server.isRunning();
  }

  /// Nobody new comes in from now on.
  public void stopListening() {
    connector.close();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(
          "the listener for %s did not stop in order".formatted(name), e);
    }
  }
}
