package org.openlockbox.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;

/// What proxies ask before they forward a request, in the dialect of each.
class ForwardAuthTest {
  private CheckFixture checks;

  @BeforeEach
  void start() throws IOException {
    checks = new CheckFixture();
  }

  @AfterEach
  void stop() {
    checks.close();
  }

  private String token(Level level) {
    return checks.login(checks.acme, checks.approved(checks.acme, "alice", level));
  }

  /// What this proxy sends when its client asks for this.
  private HttpRequest.Builder asking(String dialect, String token, String method, String target) {
    boolean envoy = dialect.equals("envoy");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                checks.at("/forward/" + dialect + "/helpdesk" + (envoy ? target : "")))
            .header("X-Lockbox-Caller", CheckFixture.PROXY)
            .header("Authorization", "Bearer " + token);
    return switch (dialect) {
      case "nginx" ->
          request
              .header("X-Original-Method", method)
              .header("X-Original-URI", target)
              .header("X-Original-Host", "helpdesk.example.com");
      case "envoy" -> request.method(method, HttpRequest.BodyPublishers.noBody());
      default ->
          request
              .header("X-Forwarded-Method", method)
              .header("X-Forwarded-Uri", target)
              .header(
                  dialect.equals("caddy") ? "X-Original-Host" : "X-Forwarded-Host",
                  "helpdesk.example.com");
    };
  }

  private HttpResponse<String> ask(String dialect, String token, String method, String target)
      throws IOException, InterruptedException {
    return checks.send(asking(dialect, token, method, target).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "caddy", "traefik", "envoy"})
  void aListedRequestPassesOnRecordAndNamesItsAccess(String dialect) throws Exception {
    RequestEntry asked = checks.approved(checks.acme, "alice", Level.READ);
    String token = checks.login(checks.acme, asked);
    HttpResponse<String> yes = ask(dialect, token, "GET", "/t/acme/tickets?page=2");
    assertThat(yes.statusCode()).as(yes.body()).isEqualTo(200);
    assertThat(yes.headers().firstValue("X-Lockbox-Request"))
        .contains(asked.submission().id().value());
    assertThat(yes.headers().firstValue("X-Lockbox-Engineer")).contains("alice");
    assertThat(yes.headers().firstValue("X-Lockbox-Tenant")).contains("acme");
    assertThat(yes.headers().firstValue("X-Lockbox-Level")).contains("read");
    assertThat(yes.headers().firstValue("X-Lockbox-Session")).isPresent();
    Await.until(() -> checks.outcomes().size() == 1);
    assertThat(checks.operations())
        .singleElement()
        .matches(each -> each.facts().equals(new HttpFacts("GET", Optional.of("tickets.list"))));
    assertThat(checks.acmesPlane.statements().getFirst())
        .startsWith("GET ")
        .endsWith("/t/acme/tickets?page=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "caddy", "traefik", "envoy"})
  void whatIsNotListedOrAnothersOrTooMuchIsForbidden(String dialect) throws Exception {
    String token = token(Level.READ);
    Map<String, String> words =
        Map.of(
            "GET /t/acme/customers", "route",
            "GET /t/globex/tickets", "route",
            "GET /t/acme/tickets?admin=1", "parameter",
            "GET /t/acme/tickets?page=1&page=2", "parameter",
            "DELETE /t/acme/tickets", "route",
            "PATCH /t/acme/tickets/7", "level",
            "GET /t/acme/%74ickets", "route");
    for (var each : words.entrySet()) {
      String[] line = each.getKey().split(" ", 2);
      HttpResponse<String> no = ask(dialect, token, line[0], line[1]);
      assertThat(no.statusCode()).as(each.getKey()).isEqualTo(403);
      assertThat(no.body()).as(each.getKey()).contains("\"code\":\"" + each.getValue() + "\"");
    }
    Await.until(() -> checks.outcomes().size() == words.size());
    assertThat(checks.operations()).allMatch(each -> each.refused().isPresent());
  }

  /// Forms of a path that the service behind the proxy could read as another one.
  @Test
  void aPathWithTwoReadingsIsForbidden() throws Exception {
    String token = token(Level.READ);
    for (String target :
        List.of(
            "/t/acme/../globex/tickets",
            "/t/acme/x/../tickets",
            "/t//acme/tickets",
            "/t/acme/tickets/",
            "/t/acme/tickets;a=b",
            "/t/acme/tickets#x",
            "/t/acme%2ftickets",
            "/t/acme/tickets%00",
            "http://evil.example.com/t/acme/tickets",
            "t/acme/tickets",
            "")) {
      assertThat(ask("nginx", token, "GET", target).statusCode()).as(target).isEqualTo(403);
    }
    assertThat(ask("nginx", token, "GET", "/t/acme/tickets").statusCode()).isEqualTo(200);
  }

  @Test
  void whoShowsNoTokenIsAskedForOne() throws Exception {
    String token = token(Level.READ);
    String other = token.substring(0, token.length() - 4) + "AAAA";
    for (String each : List.of(other, "nobody." + "A".repeat(43), "", CheckFixture.PROXY)) {
      HttpResponse<String> answer = ask("caddy", each, "GET", "/t/acme/tickets");
      assertThat(answer.statusCode()).as(each).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
    }
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  /// A client that reaches the listener itself, or sends what only a proxy may say twice.
  @Test
  void whatAClientClaimsIsNotBelieved() throws Exception {
    String token = token(Level.READ);
    HttpRequest direct =
        HttpRequest.newBuilder(checks.at("/forward/caddy/helpdesk"))
            .header("Authorization", "Bearer " + token)
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Uri", "/t/acme/tickets")
            .header("X-Forwarded-Host", "helpdesk.example.com")
            .build();
    assertThat(checks.send(direct).statusCode()).isEqualTo(401);
    HttpRequest twice =
        asking("caddy", token, "GET", "/t/acme/tickets")
            .header("X-Forwarded-Uri", "/t/acme/events")
            .build();
    assertThat(checks.send(twice).statusCode()).isEqualTo(403);
    HttpRequest others =
        asking("caddy", token, "GET", "/t/acme/tickets")
            .setHeader("X-Lockbox-Caller", CheckFixture.STRANGER)
            .build();
    assertThat(checks.send(others).body()).contains("\"code\":\"resource\"");
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  @Test
  void whatIsNotOnRecordDoesNotPass() throws Exception {
    String token = token(Level.READ);
    assertThat(ask("nginx", token, "GET", "/t/acme/tickets").statusCode()).isEqualTo(200);
    checks.acmesPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
    HttpResponse<String> no = ask("nginx", token, "GET", "/t/acme/tickets");
    assertThat(no.statusCode()).isEqualTo(403);
    assertThat(no.body()).contains("\"code\":\"unknown\"");
  }

  @Test
  void aRevokedAccessIsForbidden() throws Exception {
    RequestEntry asked = checks.approved(checks.acme, "alice", Level.READ);
    String token = checks.login(checks.acme, asked);
    assertThat(ask("envoy", token, "GET", "/t/acme/tickets").statusCode()).isEqualTo(200);
    checks.acme.revoke(asked, "ann");
    checks.acmesPlane.end(asked.submission().id());
    Await.until(() -> !checks.acmesPlane.reasons().isEmpty());
    HttpResponse<String> no = ask("envoy", token, "GET", "/t/acme/tickets");
    assertThat(no.statusCode()).isEqualTo(403);
    assertThat(no.body()).contains("revoked by the customer");
  }

  /// A record that says less than what was asked would hide the rest from the customer.
  @Test
  void whatIsTooLongForTheRecordIsForbidden() throws Exception {
    String token = token(Level.READ);
    String fits = "/t/acme/tickets?page=" + "1".repeat(1_900);
    assertThat(ask("nginx", token, "GET", fits).statusCode()).isEqualTo(200);
    HttpResponse<String> no = ask("nginx", token, "GET", fits + "2".repeat(200));
    assertThat(no.statusCode()).isEqualTo(403);
    assertThat(no.body()).contains("\"code\":\"length\"");
    Await.until(() -> checks.outcomes().size() == 2);
    assertThat(checks.acmesPlane.statements().getFirst()).isEqualTo("GET " + fits);
    assertThat(checks.operations().getLast().refused()).contains("length");
  }

  /// Where the catalogue names no hosts, it is the client's word alone.
  @Test
  void aHostThatNobodyHasComparedIsNotOnRecord() throws Exception {
    assertThat(ask("nginx", token(Level.READ), "GET", "/t/acme/tickets").statusCode())
        .isEqualTo(200);
    Await.until(() -> checks.outcomes().size() == 1);
    assertThat(checks.acmesPlane.statements()).containsExactly("GET /t/acme/tickets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "caddy", "traefik"})
  void aQuestionThatCarriesAnUpgradeIsForbidden(String dialect) throws Exception {
    String token = token(Level.READ);
    String shown = dialect.equals("nginx") ? "X-Original-" : "X-Forwarded-";
    String host = dialect.equals("traefik") ? "X-Forwarded-Host" : "X-Original-Host";
    String answer =
        checks.raw(
            "GET /forward/" + dialect + "/helpdesk HTTP/1.1",
            "Host: localhost",
            "X-Lockbox-Caller: " + CheckFixture.PROXY,
            "Authorization: Bearer " + token,
            shown + "Method: GET",
            shown + "Uri: /t/acme/tickets",
            host + ": helpdesk.example.com",
            "Connection: Upgrade",
            "Upgrade: websocket");
    assertThat(answer).contains(" 403 ");
    assertThat(checks.acmesPlane.events()).isEmpty();
  }
}
