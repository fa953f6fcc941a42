package org.openlockbox.server.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An issuer that does not answer is known although nobody signs in, and one that answers again.
final class SilentIssuerTest {
  private static final Duration LATER = Duration.ofMinutes(5);

  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-01-05T09:00:00Z"));
  private final AtomicInteger status = new AtomicInteger(200);
  private final HttpServer http =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final Issuers issuers = new Issuers(List.of(issuer("acme")), clock::get);

  SilentIssuerTest() throws IOException {
    http.createContext(
        "/",
        call -> {
          try (call) {
            call.sendResponseHeaders(status.get(), -1);
          }
        });
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private OidcIssuer issuer(String name) {
    return new OidcIssuer(
        name,
        URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
        Optional.empty(),
        new OidcIssuer.RegisteredClient("lockbox", () -> "secret", List.of("openid"), Map.of()),
        new OidcIssuer.MailDomains(Set.of(name + ".example"), false, false),
        new OidcIssuer.ClaimRules(Map.of(), Optional.empty(), Optional.empty()),
        Optional.empty());
  }

  private Duration silence() {
    issuers.look();
    return issuers.silence("acme");
  }

  @Test
  void oneThatFailsIsSilentSinceTheFirstLookAndUntilItAnswers() {
    assertThat(silence()).isZero();
    status.set(503);
    assertThat(silence()).isZero();
    clock.updateAndGet(now -> now.plus(LATER));
    assertThat(silence()).isEqualTo(LATER);
    status.set(200);
    assertThat(silence()).isZero();
  }

  @Test
  void oneThatIsGoneIsSilent() {
    http.stop(0);
    silence();
    clock.updateAndGet(now -> now.plus(LATER));
    assertThat(silence()).isEqualTo(LATER);
  }
}
