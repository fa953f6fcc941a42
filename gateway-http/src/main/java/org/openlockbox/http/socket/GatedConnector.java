package org.openlockbox.http.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.login.PendingLogins;

/// Listens to clients: TLS, then HTTP/1.1 read strictly, on sockets with a gate. No other version:
/// no two sessions share a connection, and nothing is multiplexed.
///
/// What strangers may hold open, and for how long, is bounded as for every protocol
/// ([PendingLogins]). A trusted load balancer says who its client is; it is the client that counts.
public final class GatedConnector extends ServerConnector {
  private static final Duration SILENT_FOR = Duration.ofSeconds(30);

  private final PendingLogins pending;
  private final LoginLimits logins;

  public GatedConnector(Server server, ServerTls tls, LoginLimits logins, LongSupplier nanoTime) {
    this(server, tls, logins, new PendingLogins(logins, nanoTime));
  }

  private GatedConnector(Server server, ServerTls tls, LoginLimits logins, PendingLogins pending) {
    super(
        server,
        1,
        1,
        new ArrivalFactory(logins.proxies(), tls.connections()),
        new ProxyConnectionFactory(ProxiedClientFactory.PROTOCOL),
        new ProxiedClientFactory(logins.proxies(), pending, tls.connections()),
        new HttpConnectionFactory(HttpsListener.strict()));
    this.pending = pending;
    this.logins = logins;
    setIdleTimeout(SILENT_FOR.toMillis());
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
