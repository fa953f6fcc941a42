package org.openlockbox.http.socket;

import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// The TLS of a listener, with a certificate that may change while it listens.
public final class ServerTls {
  private final SslContextFactory.Server factory = new SslContextFactory.Server();

  public ServerTls(SSLContext identity) {
    factory.setSslContext(identity);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  /// The same where a client may show a certificate too.
  public static ServerTls wantingCertificates(SSLContext identity) {
    ServerTls tls = new ServerTls(identity);
    tls.factory.setWantClientAuth(true);
    return tls;
  }

  /// What speaks TLS on a connection, and HTTP/1.1 in it.
  public SslConnectionFactory connections() {
    return new SslConnectionFactory(factory, "http/1.1");
  }

  /// Shows this certificate to whoever connects from now on.
  void show(SSLContext identity) {
    try {
      factory.reload(own -> own.setSslContext(identity));
    } catch (Exception e) {
      throw new IllegalStateException("the certificate cannot be shown", e);
    }
  }
}
