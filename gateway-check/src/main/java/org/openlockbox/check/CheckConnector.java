package org.openlockbox.check;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// Listens to callers: TLS always, then HTTP/1.1 read strictly. A caller may show a certificate.
final class CheckConnector extends ServerConnector {
  private static final int HEADER = 16 * 1024;
  private static final int MOST_CONNECTIONS = 1_000;
  private static final Duration SILENT_FOR = Duration.ofSeconds(60);
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);

  private final SslContextFactory.Server tls;

  CheckConnector(Server server, SSLContext identity) {
    this(server, secured(identity));
  }

  private CheckConnector(Server server, SslContextFactory.Server tls) {
    super(server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), http());
    this.tls = tls;
    setIdleTimeout(SILENT_FOR.toMillis());
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, this));
  }

  @Override
  protected AnswerEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    AnswerEndPoint made = new AnswerEndPoint(channel, selector, key, getScheduler());
    made.setIdleTimeout(getIdleTimeout());
    made.closesWithin(KNOWN_WITHIN);
    return made;
  }

  private static SslContextFactory.Server secured(SSLContext identity) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(identity);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    factory.setWantClientAuth(true);
    return factory;
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration strict = new HttpConfiguration();
    strict.setSendServerVersion(false);
    strict.setSendDateHeader(false);
    strict.setHttpCompliance(HttpCompliance.STRICT);
    strict.setUriCompliance(UriCompliance.UNAMBIGUOUS);
    strict.setRequestHeaderSize(HEADER);
    strict.setResponseHeaderSize(HEADER);
    // some proxies ask with the host of the request that they hold, which is not ours
    strict.addCustomizer(new SecureRequestCustomizer(false));
    return new HttpConnectionFactory(strict);
  }

  /// Shows this certificate to whoever connects from now on.
  void show(SSLContext identity) {
    try {
      tls.reload(factory -> factory.setSslContext(identity));
    } catch (Exception e) {
      throw new IllegalStateException("the certificate cannot be shown", e);
    }
  }
}
