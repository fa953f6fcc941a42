package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.catalogue.Method;

/// The service is told with each request whom the customer let in, to what, and by which entry.
/// Whether others can check it: `AssertionVerifiersTest`.
class AssertionTest {
  private HttpFixture http;
  private SoftwareKey first;
  private SoftwareKey second;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
    first = SoftwareKey.generate(Scheme.ECDSA_P256, http.random);
    second = SoftwareKey.generate(Scheme.ECDSA_P256, http.random);
    http.assertionKeys = AssertionKeys.of(List.of(first, second));
    http.assertion = Optional.of(new AssertionRule("tickets", false));
    http.reload();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static Fields part(String assertion, int part) {
    return Fields.of(
        Json.read(Base64.getUrlDecoder().decode(assertion.split("\\.", -1)[part])), "assertion");
  }

  private String sent() {
    return Objects.requireNonNull(
        http.service.heard().getLast().headers().get("x-lockbox-assertion"));
  }

  @Test
  void anAssertionSaysWhoAsksForWhomAndWhichOperationItIs() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    assertThat(http.get(token, "/t/acme/tickets/a%20b").statusCode()).isEqualTo(200);
    var header = part(sent(), 0);
    assertThat(header.text("alg")).isEqualTo("ES256");
    assertThat(header.text("typ")).isEqualTo("lockbox+jwt");
    var claims = part(sent(), 1);
    Await.until(() -> http.controlPlane.events().size() >= 5);
    var operation =
        http.controlPlane.events().stream()
            .filter(SessionEvent.Operation.class::isInstance)
            .map(SessionEvent.Operation.class::cast)
            .toList()
            .getLast();
    assertThat(claims.text("request")).isEqualTo(asked.submission().id().value());
    assertThat(claims.text("session")).isEqualTo(operation.of().value());
    assertThat(claims.number("n")).isEqualTo(operation.n()).isEqualTo(1);
    assertThat(claims.text("sub")).isEqualTo(asked.submission().engineer().id().value());
    assertThat(claims.text("tenant")).isEqualTo("acme");
    assertThat(claims.text("level")).isEqualTo("read");
    assertThat(claims.text("iss")).isEqualTo(TenantFixture.GATEWAY.value());
    assertThat(claims.text("aud")).isEqualTo("tickets");
    assertThat(claims.text("htm")).isEqualTo("GET");
    assertThat(claims.text("htu")).isEqualTo("/t/acme/tickets/a%20b");
    assertThat(claims.number("exp") - claims.number("iat")).isEqualTo(60);
    assertThat(http.service.heard().getLast().headers()).doesNotContainKey("authorization");
  }

  /// Also where the access ends within the minute.
  @Test
  void noAssertionIsGoodBeyondTheEndOfTheAccess() throws Exception {
    Duration gone = HttpFixture.AGES.minusSeconds(20);
    http.clock.advance(gone.negated());
    RequestEntry asked = http.approved(Level.READ);
    Duration login = Duration.ofMinutes(10).minusSeconds(10); // it must not outlive the access
    http.clock.advance(gone.minus(login));
    String token = http.token(asked);
    http.clock.advance(login);
    HttpResponse<String> answer = http.get(token, "/t/acme/tickets");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Instant until = Instant.ofEpochSecond(part(sent(), 1).number("exp"));
    assertThat(until)
        .isBetween(http.clock.instant().plusSeconds(18), http.clock.instant().plusSeconds(20));
  }

  @Test
  void aServiceThatLooksForABearerFindsTheSame() throws Exception {
    http.assertion = Optional.of(new AssertionRule("tickets", true));
    http.reload();
    String token = http.token(http.approved(Level.READ));
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    assertThat(http.service.heard().getLast().headers())
        .containsEntry("authorization", "Bearer " + sent());
  }

  /// It comes from the gateway and from nobody else.
  @Test
  void anAssertionOfTheEngineersDoesNotPass() throws Exception {
    String token = http.token(http.approved(Level.READ));
    var request =
        http.asking(token, "/t/acme/tickets")
            .header("X-Lockbox-Assertion", "forged")
            .header("X_Lockbox_Assertion", "forged")
            .build();
    assertThat(http.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(http.service.heard().getLast().headers().values())
        .noneMatch(value -> value.contains("forged"));
  }

  @Test
  void withAnAssertionThePathNeedsNoTenant() throws Exception {
    http.routes = List.of(HttpFixture.route("all", Method.GET, "/tickets", Level.READ));
    http.reload();
    String token = http.token(http.approved(Level.READ));
    assertThat(http.get(token, "/tickets").statusCode()).isEqualTo(200);
    assertThat(part(sent(), 1).text("tenant")).isEqualTo("acme");
  }

  private List<String> published() throws IOException, InterruptedException {
    var answer =
        http.freshClient()
            .send(
                HttpRequest.newBuilder(http.at("/.well-known/jwks.json")).build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/jwk-set+json");
    return Fields.of(Json.read(answer.body().getBytes(UTF_8)), "jwks").objects("keys").stream()
        .map(key -> key.text("kid"))
        .toList();
  }

  @Test
  void theNextKeyIsPublishedBeforeItSigns() throws Exception {
    String token = http.token(http.approved(Level.READ));
    List<String> before = published();
    assertThat(before).hasSize(2).doesNotHaveDuplicates();
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    assertThat(part(sent(), 0).text("kid")).isEqualTo(before.getFirst());
    http.assertionKeys = AssertionKeys.of(List.of(second, first));
    http.reload();
    assertThat(published()).containsExactly(before.get(1), before.get(0));
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    assertThat(part(sent(), 0).text("kid")).isEqualTo(before.get(1));
  }
}
