package org.openlockbox.http.socket;

import java.net.InetSocketAddress;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.openlockbox.gateway.login.TrustedProxies;

/// Begins each connection: a trusted load balancer's with its PROXY header, all others with TLS.
/// From anybody else such a header is no TLS, and ends the connection.
final class ArrivalFactory extends AbstractConnectionFactory {
  private final TrustedProxies proxies;
  private final SslConnectionFactory tls;

  ArrivalFactory(TrustedProxies proxies, SslConnectionFactory tls) {
    super("arrival");
    this.proxies = proxies;
    this.tls = tls;
    installBean(tls);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    var from = (InetSocketAddress) endPoint.getRemoteSocketAddress();
    return proxies.contains(from.getAddress())
        ? connector
            .getConnectionFactory(ProxyConnectionFactory.class)
            .newConnection(connector, endPoint)
        : tls.newConnection(connector, endPoint);
  }
}
