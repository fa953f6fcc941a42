package org.openlockbox.gateway.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// TLS of a gateway towards the control plane: whom it believes, and the certificate that it shows.
public final class ControlPlaneTls {
  private static final char[] NO_PASSWORD = new char[0];

  private ControlPlaneTls() {}

  /// A certificate that is shown, and its key, as PEM.
  public record ShownPair(Path certificate, Path key) {}

  /// Empty if the configuration names neither an authority nor a certificate: then the JDK's own
  /// authorities hold.
  ///
  /// @throws UnusableFile if a file cannot be used
  public static Optional<SSLContext> of(Optional<Path> authority, Optional<ShownPair> shown) {
    if (authority.isEmpty() && shown.isEmpty()) {
      return Optional.empty();
    }
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          shown.isPresent() ? keys(shown.get()) : null,
          authority.isPresent() ? trust(authority.get()) : null,
          null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableFile("the certificates for the way to the server cannot be used: " + e, e);
    }
  }

  private static TrustManager @Nullable [] trust(Path authority)
      throws GeneralSecurityException, IOException {
    var store = emptyStore();
    for (var certificate : certificates(authority)) {
      store.setCertificateEntry("ca" + store.size(), certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(ShownPair shown)
      throws GeneralSecurityException, IOException {
    var chain = certificates(shown.certificate());
    String body =
        Files.readString(shown.key())
            .replaceAll("(?s).*-----BEGIN PRIVATE KEY-----|-----END PRIVATE KEY-----.*|\\s", "");
    var der = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
    var key = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm()).generatePrivate(der);
    var store = emptyStore();
    store.setKeyEntry("gateway", key, NO_PASSWORD, chain);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  private static Certificate[] certificates(Path file)
      throws GeneralSecurityException, IOException {
    byte[] pem = Files.readAllBytes(file);
    var read =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (read.isEmpty()) {
      throw new IOException(file + " holds no certificate");
    }
    return read.toArray(Certificate[]::new);
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
