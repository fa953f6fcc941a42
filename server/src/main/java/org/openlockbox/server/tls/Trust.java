package org.openlockbox.server.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS towards programs of others: certificates by the authorities of a PEM file, or by the JDK's.
public final class Trust {
  private Trust() {}

  public static SSLContext of(Optional<Path> authorities) {
    try {
      if (authorities.isEmpty()) {
        return SSLContext.getDefault();
      }
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      try (var pem = Files.newInputStream(authorities.get())) {
        int n = 0;
        for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          store.setCertificateEntry("ca-" + n++, certificate);
        }
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException("the authorities cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no certificates of authorities: " + authorities, e);
    }
  }
}
