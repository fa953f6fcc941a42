package org.openlockbox.server;

import java.util.Map;
import java.util.Optional;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.support.GenericApplicationContext;

/// The certificate that the web server shows, and whom it believes. Another one may take its place
/// while the server runs: connections that are open keep the one that they have seen.
final class WebCertificate {
  private static final String NAME = "lockbox";

  private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();

  /// A certificate whose files were read and fit together.
  record CheckedCertificate(SslBundle bundle) {}

  /// Reads the files. Throws [IllegalStateException] or [IllegalArgumentException] if they are of
  /// no use; then nothing has changed.
  static CheckedCertificate read(ServerConfig.TlsConfig tls) {
    var shown =
        PemSslStoreDetails.forCertificates("file:" + tls.certificates())
            .withPrivateKey("file:" + tls.privateKey());
    var trusted =
        tls.clientAuthorities().map(file -> PemSslStoreDetails.forCertificates("file:" + file));
    var bundle = SslBundle.of(new PemSslStoreBundle(shown, trusted.orElse(null)));
    bundle.createSslContext();
    return new CheckedCertificate(bundle);
  }

  /// Has Spring Boot start the web server with it.
  void register(GenericApplicationContext context, ServerConfig.TlsConfig tls) {
    bundles.registerBundle(NAME, read(tls).bundle());
    context.registerBean(SslBundles.class, () -> bundles);
  }

  /// The settings of Spring Boot that name it.
  static Map<String, Object> properties(ServerConfig.TlsConfig tls) {
    return tls.clientAuthorities().isPresent()
        ? Map.of("server.ssl.bundle", NAME, "server.ssl.client-auth", "want")
        : Map.of("server.ssl.bundle", NAME);
  }

  /// New connections are shown this one.
  void show(Optional<CheckedCertificate> next) {
    next.ifPresent(it -> bundles.updateBundle(NAME, it.bundle()));
  }
}
