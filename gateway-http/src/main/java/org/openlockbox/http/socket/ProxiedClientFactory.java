package org.openlockbox.http.socket;

import java.net.InetSocketAddress;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.openlockbox.gateway.login.PendingLogins;
import org.openlockbox.gateway.login.TrustedProxies;

/// Goes on where a load balancer has said who its client is: the client counts among the strangers,
/// and begins with TLS. A load balancer that named nobody is not served.
final class ProxiedClientFactory extends AbstractConnectionFactory {
  static final String PROTOCOL = "proxied-client";

  private final TrustedProxies proxies;
  private final PendingLogins pending;
  private final SslConnectionFactory tls;

  ProxiedClientFactory(TrustedProxies proxies, PendingLogins pending, SslConnectionFactory tls) {
    super(PROTOCOL);
    this.proxies = proxies;
    this.pending = pending;
    this.tls = tls;
    installBean(tls);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    GatedEndPoint socket =
        GatedEndPoint.under(endPoint)
            .orElseThrow(() -> new IllegalStateException("a connection without a gate"));
    var client = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    if (endPoint == socket || proxies.contains(client.getAddress())) {
      throw refused(socket, "a trusted proxy began without a PROXY header");
    }
    socket.strange(
        pending
            .enter(client.getAddress(), socket::reset)
            .orElseThrow(() -> refused(socket, "no room for one more connection")));
    return tls.newConnection(connector, endPoint);
  }

  private static IllegalStateException refused(GatedEndPoint socket, String why) {
    socket.reset();
    return new IllegalStateException(why);
  }
}
