package org.openlockbox.node.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.openlockbox.node.config.NodeConfig.TlsFiles;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// TLS of the gateway towards the server: whom it believes, and the certificate that it shows.
public final class ClientTls {
  private static final char[] NO_PASSWORD = new char[0];

  private ClientTls() {}

  /// Empty if the configuration names neither an authority nor a certificate: then the JDK's own
  /// authorities hold.
  public static Optional<SSLContext> of(Optional<Path> authority, Optional<TlsFiles> shown) {
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
      throw new NodeFailure(
          Code.USAGE, "the certificates for the way to the server cannot be used: " + e, e);
    }
  }

  /// The authorities that Java knows.
  static SSLContext usual() {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new NodeFailure(Code.FAILURE, "Java's own authorities cannot be used: " + e, e);
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

  private static KeyManager @Nullable [] keys(TlsFiles shown)
      throws GeneralSecurityException, IOException {
    var chain = certificates(shown.certificate());
    String body =
        ServerSettings.text(shown.key())
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
    byte[] pem = ServerSettings.text(file).getBytes(StandardCharsets.US_ASCII);
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
