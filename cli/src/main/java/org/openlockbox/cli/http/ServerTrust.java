package org.openlockbox.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// Whom to believe over TLS: the JDK's authorities, or exactly the certificates in the profile's
/// `ca` file. For http on this machine nothing is loaded, which saves a third of the start-up.
final class ServerTrust {
  private ServerTrust() {}

  static SSLContext contextFor(URI server, Optional<String> caFile) {
    try {
      if (!"https".equalsIgnoreCase(server.getScheme())) {
        return nobody();
      }
      return caFile.isPresent() ? only(Path.of(caFile.get())) : SSLContext.getDefault();
    } catch (GeneralSecurityException | IOException unusable) {
      throw new Failure(
          ExitCode.FAILURE,
          "the ca file " + caFile.orElse("") + " cannot be used: " + unusable.getMessage());
    }
  }

  private static SSLContext nobody() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[0], null);
    return context;
  }

  private static SSLContext only(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(file)) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca" + store.size(), certificate);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
