package org.openlockbox.gateway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.openlockbox.gateway.postgres.TlsIdentity;

/// A self-signed certificate for 127.0.0.1, made by the JDK's keytool.
public record TestCertificate(String certificatePem, String keyPem) {
  public static TestCertificate make() {
    return make("ip:127.0.0.1,dns:localhost");
  }

  /// A self-signed certificate for these names.
  public static TestCertificate make(String names) {
    try {
      Path file = Files.createTempDirectory("certificate").resolve("store.p12");
      var made =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-alias",
                  "gateway",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=" + names,
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  "secret",
                  "-keystore",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      made.getInputStream().readAllBytes();
      if (made.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      KeyStore store = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
      return new TestCertificate(
          pem("CERTIFICATE", store.getCertificate("gateway").getEncoded()),
          pem("PRIVATE KEY", store.getKey("gateway", "secret".toCharArray()).getEncoded()));
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }

  public TlsIdentity identity() {
    return TlsIdentity.parse(certificatePem, keyPem);
  }
}
