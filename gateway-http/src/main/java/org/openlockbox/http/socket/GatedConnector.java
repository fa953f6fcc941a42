package org.openlockbox.http.socket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// Listens to clients: TLS, then HTTP/1.1 read strictly, on sockets with a gate. No other version:
/// no two sessions share a connection, and nothing is multiplexed.
public final class GatedConnector extends ServerConnector {
  private static final int HEADER = 16 * 1024;
  private static final Duration SILENT_FOR = Duration.ofSeconds(30);

  public GatedConnector(Server server, SSLContext tls) {
    super(server, 1, 1, secured(tls), http());
    setIdleTimeout(SILENT_FOR.toMillis());
  }

  private static SslConnectionFactory secured(SSLContext tls) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(tls);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return new SslConnectionFactory(factory, "http/1.1");
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration strict = new HttpConfiguration();
    strict.setSendServerVersion(false);
    strict.setSendDateHeader(false);
    strict.setHttpCompliance(HttpCompliance.STRICT);
    strict.setUriCompliance(UriCompliance.UNAMBIGUOUS);
    strict.setRequestHeaderSize(HEADER);
    strict.setResponseHeaderSize(HEADER);
    strict.setPersistentConnectionsEnabled(true);
    return new HttpConnectionFactory(strict);
  }

  @Override
  protected GatedEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
    GatedEndPoint made = new GatedEndPoint(channel, selector, key, getScheduler());
    made.setIdleTimeout(getIdleTimeout());
    return made;
  }
}
