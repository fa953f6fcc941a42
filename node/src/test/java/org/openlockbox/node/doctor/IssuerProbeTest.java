package org.openlockbox.node.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.node.config.ConfigSecret;
import org.openlockbox.node.config.NodeConfig.ClaimSettings;
import org.openlockbox.node.config.NodeConfig.IssuerClientSettings;
import org.openlockbox.node.config.NodeConfig.IssuerSettings;
import org.openlockbox.node.doctor.HostFinding.Severity;

/// What doctor says of an issuer that answers, of one that is somebody else, that hangs, or is
/// gone.
final class IssuerProbeTest {
  /// Twice what an issuer has for its answer.
  private static final Duration SOON = Duration.ofSeconds(16);

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile String says = "";
  private volatile boolean hangs;
  private HttpServer http;
  private String url;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + http.getAddress().getPort();
    says = metadata(url);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(
        "/.well-known/openid-configuration",
        call -> {
          try (call) {
            if (hangs) {
              over.await();
            }
            byte[] body = says.getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(200, body.length);
            call.getResponseBody().write(body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    http.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    http.stop(0);
  }

  private static String metadata(String url) {
    return """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
         "jwks_uri":"%1$s/keys","authorization_response_iss_parameter_supported":true}
        """
        .formatted(url);
  }

  private HostFinding look() {
    var settings =
        new IssuerSettings(
            "acme",
            URI.create(url),
            Optional.of("acme"),
            new IssuerClientSettings(
                "lockbox", new ConfigSecret.InsecureInline("secret"), List.of("openid"), Map.of()),
            List.of("acme.example"),
            false,
            false,
            new ClaimSettings(Map.of(), Optional.empty(), Optional.empty()),
            Optional.empty());
    long began = System.nanoTime();
    var found = new IssuerProbe(settings, InstantSource.system()).look();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static void isBroken(HostFinding found, String url) {
    assertThat(found.severity()).isEqualTo(Severity.BROKEN);
    assertThat(found.subject()).isEqualTo("issuer acme");
    assertThat(found.text()).startsWith(url + " does not answer as an issuer: ");
    assertThat(found.next()).isPresent();
  }

  @Test
  void oneThatAnswersIsWell() {
    assertThat(look()).isEqualTo(HostFinding.ok("issuer acme", url + " answers."));
  }

  @Test
  void oneThatNamesItselfOtherwiseIsBroken() {
    says = metadata("https://issuer.example");
    isBroken(look(), url);
  }

  @Test
  void oneThatHangsIsBrokenWithinTheTime() {
    hangs = true;
    isBroken(look(), url);
  }

  @Test
  void oneThatIsGoneIsBroken() {
    http.stop(0);
    isBroken(look(), url);
  }
}
