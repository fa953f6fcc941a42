package org.openlockbox.check.caller;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// TLS towards callers. A caller may show any certificate: who it is says its digest
/// ([CheckCallers#byCertificate]), and a stranger's is worth as much as none.
public final class CallerTls {
  private CallerTls() {}

  /// A context that shows this identity, and lets the caller show one.
  public static SSLContext context(List<KeyManager> identity) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity.toArray(KeyManager[]::new), new TrustManager[] {new AnyCaller()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS towards callers cannot be set up", e);
    }
  }

  /// Proves nothing but that the caller has the certificate's key, which TLS itself checks.
  private static final class AnyCaller implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      if (chain.length == 0) {
        throw new CertificateException("no certificate");
      }
    }

    /// This side is never a client.
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no server is trusted");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
