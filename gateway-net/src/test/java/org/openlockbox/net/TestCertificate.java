package org.openlockbox.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A self-signed certificate for 127.0.0.1, made by the JDK's keytool.
public record TestCertificate(String certificatePem, String keyPem) {
  private static final char[] SECRET = "secret".toCharArray();

  public static TestCertificate make() {
    return make("ip:127.0.0.1,dns:localhost");
  }

  /// A self-signed certificate for these names.
  public static TestCertificate make(String names) {
    try {
      Path file = Files.createTempDirectory("certificate").resolve("store.p12");
      var made = new ProcessBuilder(keytool(names, file)).redirectErrorStream(true).start();
      made.getInputStream().readAllBytes();
      if (made.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      KeyStore store = KeyStore.getInstance(file.toFile(), SECRET);
      Files.delete(file);
      Files.delete(file.getParent());
      return new TestCertificate(
          pem("CERTIFICATE", store.getCertificate("gateway").getEncoded()),
          pem("PRIVATE KEY", store.getKey("gateway", SECRET).getEncoded()));
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> keytool(String names, Path file) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    for (String rounds : List.of("keyPbe", "certPbe", "mac")) {
      command.add("-J-Dkeystore.pkcs12." + rounds + "IterationCount=1");
    }
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-alias", "gateway", "-dname", "CN=localhost", "-ext", "san=" + names));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", "secret"));
    command.addAll(List.of("-keystore", file.toString()));
    return command;
  }

  /// TLS of whoever shows this certificate.
  public SSLContext context() {
    return identity().context();
  }

  /// TLS of whoever trusts this certificate alone.
  public SSLContext trusting() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, SECRET);
      store.setCertificateEntry("peer", certificate());
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Certificate certificate() throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(certificatePem.getBytes(UTF_8)));
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }

  public TlsIdentity identity() {
    return TlsIdentity.parse(certificatePem, keyPem);
  }
}
