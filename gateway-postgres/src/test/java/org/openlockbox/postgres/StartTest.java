package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.net.TlsIdentity;

/// What a gateway finds out before it listens.
class StartTest {
  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void aKeyThatIsNotTheCertificatesIsRefused() {
    String other = TestCertificate.make().keyPem();
    String certificate = GatewayFixture.CERTIFICATE.certificatePem();
    assertThatThrownBy(() -> TlsIdentity.parse(certificate, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the TLS key is not the key of the TLS certificate");
  }

  @Test
  void aTokenThatTheServerDoesNotKnowIsRefused() throws IOException {
    HttpServer server = HttpServer.create(ANYWHERE, 0);
    byte[] refusal = "not signed in".getBytes(StandardCharsets.US_ASCII);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(401, refusal.length);
            exchange.getResponseBody().write(refusal);
          }
        });
    server.start();
    try {
      assertThatThrownBy(() -> start(server.getAddress().getPort()))
          .isInstanceOf(ControlPlane.TokenRefused.class)
          .hasMessageContaining("(401): not signed in");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatIsNotThereYetIsWaitedFor() throws IOException {
    start(1).close();
  }

  private static LockboxGateway start(int port) throws IOException {
    var tenant = new TenantFixture("acme", 1, new SettableClock());
    var limits = LiveSessions.SessionLimits.STANDARD;
    return LockboxGateway.start(
        new GatewayConfig(
            FakeControlPlane.credential(tenant),
            new GatewayConfig.ControlPlaneEndpoint(
                URI.create("http://127.0.0.1:" + port),
                () -> "wrong",
                Optional.empty(),
                Optional.empty()),
            Map.of(),
            Map.of(),
            limits),
        List.of(
            PostgresProtocol.of(
                new PostgresConfig(
                    ANYWHERE,
                    GatewayFixture.CERTIFICATE.identity(),
                    GatewayFixture.DATABASE.catalogue(),
                    resource -> "unused",
                    Optional.empty(),
                    LoginLimits.STANDARD),
                limits,
                new SecureRandom())));
  }
}
