package org.openlockbox.postgres.login;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.scram.ScramPassword;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.wire.WireViolation;

/// Whom a gateway with `tls: verify-full` takes for its database. No password goes to anybody else.
class UpstreamTlsTest {
  private static final TestCertificate TRUE = TestCertificate.make();

  /// Listens as a database would; agrees to TLS with these bytes and shows a certificate.
  private static void against(TestCertificate shown, String agreement, Attempt attempt)
      throws Exception {
    try (var listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread.ofVirtual().start(() -> serve(listening, shown, agreement));
      attempt.at(listening.socket().getLocalPort());
    }
  }

  @FunctionalInterface
  private interface Attempt {
    void at(int port) throws Exception;
  }

  private static void serve(
      ServerSocketChannel listening, TestCertificate shown, String agreement) {
    try (Socket raw = listening.accept().socket()) {
      raw.getInputStream().readNBytes(8);
      raw.getOutputStream().write(agreement.getBytes(StandardCharsets.US_ASCII));
      SocketConnection line = new SocketConnection(raw);
      shown.identity().accept(line, new byte[0], "postgresql");
      line.in().read();
    } catch (IOException e) {
      // that is what the test is about
    }
  }

  private static void dial(int port) throws Exception {
    var address = new DatabaseEndpoint("127.0.0.1", port, trusting(TRUE), true);
    var login = new ServerLogin("lb_s_role", new ScramPassword("secret"), "postgres", Map.of());
    ServerLink.open(address, login, new SecureRandom()).close();
  }

  private static SSLContext trusting(TestCertificate authority)
      throws GeneralSecurityException, IOException {
    byte[] pem = authority.certificatePem().getBytes(StandardCharsets.US_ASCII);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void aDatabaseWithAnotherAuthoritysCertificateIsRefused() throws Exception {
    against(
        TestCertificate.make(),
        "S",
        port -> assertThatThrownBy(() -> dial(port)).isInstanceOf(SSLException.class));
  }

  @Test
  void aDatabaseThatWillNotEncryptIsRefused() throws Exception {
    against(
        TRUE, "N", port -> assertThatThrownBy(() -> dial(port)).isInstanceOf(WireViolation.class));
  }

  /// CVE-2021-23222: what somebody put in before encryption began must never count as said inside.
  @Test
  void wordsBetweenTheAgreementAndTheEncryptionAreRefused() throws Exception {
    against(
        TRUE,
        "S" + "R\0\0\0\u0008\0\0\0\0",
        port ->
            assertThatThrownBy(() -> dial(port))
                .isInstanceOfAny(WireViolation.class, SSLException.class));
  }

  @Test
  void aTrustedCertificateForAnotherNameIsRefused() throws Exception {
    TestCertificate elsewhere = TestCertificate.make("dns:db.example.com");
    against(
        elsewhere,
        "S",
        port -> {
          var address = new DatabaseEndpoint("127.0.0.1", port, trusting(elsewhere), true);
          var login =
              new ServerLogin("lb_s_role", new ScramPassword("secret"), "postgres", Map.of());
          assertThatThrownBy(() -> ServerLink.open(address, login, new SecureRandom()))
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("127.0.0.1");
        });
  }
}
