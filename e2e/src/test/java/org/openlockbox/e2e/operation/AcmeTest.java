package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// A host whose certificate comes from an ACME authority (pebble, Let's Encrypt's own for tests) by
/// certbot: `lockbox init --acme` takes it, and a renewal reaches server and gateway while a
/// session runs that notices nothing.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AcmeTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final InitHost host = InitHost.bare("acme-host");
  private final int directoryPort = Ports.free();
  private final int challengePort = Ports.free();
  private final int managementPort = Ports.free();

  @BeforeAll
  void certbotGetsACertificate() throws IOException {
    needs("pebble");
    needs("certbot");
    Files.writeString(
        host.directory().resolve("pebble.json"),
        """
        {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
          "certificate": "acme.pem", "privateKey": "acme.key", "httpPort": %d, "tlsPort": 1}}
        """
            .formatted(directoryPort, managementPort, challengePort));
    types(
        """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
            -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout acme.key -out acme.pem
        """);
    host.begins("PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 exec pebble -config pebble.json");
    Pause.until(
        "the authority answers", SOON, () -> host.types(curl("dir", directoryPort)).exit() == 0);
    types(certbot("certonly --standalone -d localhost --agree-tos -m ops@example.com"));
    types(curl("roots/0", managementPort) + " >acme-root.pem");
  }

  private void needs(String program) {
    host.types(
            "command -v %1$s >/dev/null || apt-get install -y -q %1$s >%1$s.log".formatted(program))
        .ok();
  }

  private String curl(String path, int port) {
    return "curl -sf --cacert acme.pem https://localhost:%d/%s".formatted(port, path);
  }

  private String certbot(String what) {
    return """
    REQUESTS_CA_BUNDLE=acme.pem certbot -n --server https://localhost:%d/dir --http-01-port %d \
        --config-dir letsencrypt --work-dir work --logs-dir logs %s
    """
        .formatted(directoryPort, challengePort, what);
  }

  private String types(String lines) {
    return host.types(lines).ok();
  }

  @AfterAll
  void stop() {
    host.close();
  }

  private String served(int port, String more) {
    return types(
        """
        openssl s_client -connect localhost:%d -servername localhost -CAfile acme-root.pem \
            -verify_return_error %s </dev/null 2>s_client.log | openssl x509 -noout -serial
        """
            .formatted(port, more));
  }

  private String ofServer() {
    return served(host.serverPort(), "");
  }

  private String ofGateway() {
    return served(host.gatewayPort(), "-starttls postgres");
  }

  @Test
  @Order(1)
  void initTakesWhatCertbotKeeps() throws IOException {
    String said =
        types(
            """
            psql -q -d postgres -f %1$s
            lockbox init --no-start --host localhost --provider "Example Ltd" --admin postgres \
                --control localhost:%2$d --protect localhost:%2$d/shop --tenants acme=1,globex=2 \
                --acme letsencrypt/live/localhost --ca acme-root.pem \
                --directory etc --state lib --port %3$d --gateway-port %4$d
            """
                .formatted(
                    InitHost.shop(), host.cluster().port(), host.serverPort(), host.gatewayPort()));
    assertThat(said).contains("Renewed certificates arrive by ", "/take-certificate");
    Path hook = host.directory().resolve("letsencrypt/renewal-hooks/deploy/openlockbox");
    assertThat(hook.toRealPath()).hasFileName("take-certificate");
    types(
        """
        lockbox resource plan shop --config etc/gateway.yaml >fence.sql
        psql -q -d shop -v ON_ERROR_STOP=1 -f fence.sql
        """);
    host.starts("server");
    host.foundsAcme();
    host.starts("gateway");
    assertThat(ofServer()).isEqualTo(ofGateway()).startsWith("serial=");
  }

  @Test
  @Order(2)
  void aRenewalIsServedWhileASessionGoesOn() throws IOException {
    String request = host.asksAndApproves();
    Typed begun = host.begins("LOCKBOX_PROFILE=engineer lockbox psql " + request + " -- -At");
    begun.types("select 'fir' || 'st';").prints("first");
    String before = ofServer();
    types(certbot("renew --force-renewal --no-random-sleep-on-renew"));
    Pause.until("the server shows the new one", SOON, () -> !ofServer().equals(before));
    Pause.until("the gateway shows the new one", SOON, () -> !ofGateway().equals(before));
    assertThat(ofServer()).isEqualTo(ofGateway());
    begun.types("select 'sec' || 'ond';").prints("second");
    Path key = host.directory().resolve("etc/server/tls.key");
    assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
    assertThat(types("ls -A etc")).doesNotContain(".take");
  }

  /// certbot runs each hook for each certificate that it renews.
  @Test
  @Order(3)
  void theRenewalOfAnotherCertificateChangesNothing() {
    String before = types("sha256sum etc/server/tls.key etc/gateway/tls.pem");
    types("RENEWED_LINEAGE=$PWD/letsencrypt/live/other etc/take-certificate");
    assertThat(types("sha256sum etc/server/tls.key etc/gateway/tls.pem")).isEqualTo(before);
  }

  /// The services own their directories, and root writes there: no name that they plant leads it
  /// elsewhere.
  @Test
  @Order(4)
  void aNameThatAServicePlantsLeadsRootNowhere() throws IOException {
    types(
        """
        echo precious >precious
        mv etc/gateway/tls.key kept.key
        ln -s "$PWD/precious" etc/gateway/tls.key
        etc/take-certificate
        """);
    assertThat(types("cat precious")).isEqualTo("precious\n");
    assertThat(types("cat etc/gateway/tls.key")).contains("BEGIN PRIVATE KEY");
    assertThat(host.directory().resolve("etc/gateway/tls.key")).isRegularFile();
  }

  @Test
  @Order(5)
  void filesAndAnAcmeClientAreOneOrTheOther() {
    host.types(
            "lockbox init --host localhost --provider X --protect localhost:1/x --tenants acme=1"
                + " --acme letsencrypt/live/localhost --ca acme-root.pem --key x --directory e --state s")
        .ends(2)
        .says("leave out --certificate and --key");
    host.types(
            "lockbox init --host localhost --provider X --protect localhost:1/x --tenants acme=1"
                + " --acme letsencrypt/live/localhost --directory e --state s")
        .ends(2)
        .says("--acme needs --ca");
  }
}
