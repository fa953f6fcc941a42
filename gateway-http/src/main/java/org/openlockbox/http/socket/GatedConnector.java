package org.openlockbox.http.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.login.PendingLogins;

/// Listens to clients: TLS, then HTTP/1.1 read strictly, on sockets with a gate. No other version:
/// no two sessions share a connection, and nothing is multiplexed.
///
/// What strangers may hold open, and for how long, is bounded as for every protocol
/// ([PendingLogins]). A trusted load balancer says who its client is; it is the client that counts.
public final class GatedConnector extends ServerConnector {
  private static final int HEADER = 16 * 1024;
  private static final Duration SILENT_FOR = Duration.ofSeconds(30);

  private final SslContextFactory.Server tls;
  private final PendingLogins pending;
  private final LoginLimits logins;

  public GatedConnector(
      Server server, SSLContext identity, LoginLimits logins, LongSupplier nanoTime) {
    this(server, secured(identity), logins, new PendingLogins(logins, nanoTime));
  }

  private GatedConnector(
      Server server, SslContextFactory.Server tls, LoginLimits logins, PendingLogins pending) {
    super(
        server,
        1,
        1,
        new ArrivalFactory(logins.proxies(), new SslConnectionFactory(tls, "http/1.1")),
        new ProxyConnectionFactory(ProxiedClientFactory.PROTOCOL),
        new ProxiedClientFactory(
            logins.proxies(), pending, new SslConnectionFactory(tls, "http/1.1")),
        http());
    this.tls = tls;
    this.pending = pending;
    this.logins = logins;
    setIdleTimeout(SILENT_FOR.toMillis());
  }

  private static SslContextFactory.Server secured(SSLContext identity) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(identity);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return factory;
  }

  /// Shows this certificate to whoever connects from now on.
  public void show(SSLContext identity) {
    try {
      tls.reload(factory -> factory.setSslContext(identity));
    } catch (Exception e) {
      throw new IllegalStateException("the certificate cannot be shown", e);
    }
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
    made.closesWithin(logins.within());
    var from = (InetSocketAddress) channel.getRemoteAddress();
    if (!logins.proxies().contains(from.getAddress())) {
      made.strange(
          pending
              .enter(from.getAddress(), made::reset)
              .orElseThrow(() -> new IOException("no room for one more connection")));
    }
    return made;
  }
}
