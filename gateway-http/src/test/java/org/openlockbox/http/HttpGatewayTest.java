package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.http.catalogue.Method;

/// HTTP goes through the same admission, recording, budgets, revocation and verification as
/// PostgreSQL, over real sockets.
class HttpGatewayTest {
  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private List<SessionEvent.Operation> operations() {
    return http.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .toList();
  }

  private List<SessionEvent.Outcome> outcomes() {
    return http.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .map(SessionEvent.Outcome.class::cast)
        .toList();
  }

  @Test
  void anApprovedRequestIsForwardedAndOnRecord() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    HttpResponse<String> answer = http.get(token, "/t/acme/tickets?page=2");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("tickets");
    assertThat(http.get(token, "/t/acme/tickets/7").statusCode()).isEqualTo(200);
    Await.until(() -> outcomes().size() == 2);
    assertThat(http.controlPlane.statements())
        .extracting(text -> text.lines().findFirst().orElseThrow())
        .containsExactly("GET /t/acme/tickets?page=2", "GET /t/acme/tickets/7");
    assertThat(http.service.heard())
        .extracting(TicketService.Heard::line)
        .containsExactly("GET /t/acme/tickets?page=2", "GET /t/acme/tickets/7");
    assertThat(operations())
        .extracting(SessionEvent.Operation::facts)
        .containsExactly(
            new HttpFacts("GET", Optional.of("tickets.list")),
            new HttpFacts("GET", Optional.of("tickets.show")));
    assertThat(outcomes())
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status().word()).isEqualTo("200");
              assertThat(outcome.bytes()).isEqualTo(answer.body().length());
              assertThat(outcome.result()).isPresent();
            });
    assertThat(http.controlPlane.events().getFirst())
        .isInstanceOfSatisfying(
            SessionEvent.Opened.class,
            opened -> assertThat(opened.protocol()).isEqualTo(Protocol.HTTP));
  }

  /// A route that comes is for sessions to come; an open one keeps those that it began with.
  @Test
  void routesThatComeWithAReloadAreForNewSessions() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String before = http.token(asked);
    assertThat(http.get(before, "/t/acme/people").statusCode()).isEqualTo(404);
    http.routes =
        List.of(HttpFixture.route("people.list", Method.GET, "/t/{tenant}/people", Level.READ));
    http.reload();
    assertThat(http.get(before, "/t/acme/people").statusCode()).isEqualTo(404);
    assertThat(http.get(before, "/t/acme/tickets").statusCode()).isEqualTo(200);
    http.client = http.freshClient(); // a connection is one session's
    String after = http.token(asked);
    assertThat(http.get(after, "/t/acme/people").statusCode()).isEqualTo(200);
    assertThat(http.get(after, "/t/acme/tickets").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsNotOnRecordReachesNobody() throws Exception {
    String token = http.token(http.approved(Level.READ));
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    http.controlPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
    int calls = http.controlPlane.appendCalls();
    var answer =
        http.client.sendAsync(
            http.asking(token, "/t/acme/tickets/8").build(), BodyHandlers.ofString());
    Await.until(() -> http.controlPlane.appendCalls() > calls + 1);
    assertThat(http.service.heard()).hasSize(1);
    assertThat(answer).isNotDone();
    http.controlPlane.appends(FakeControlPlane.Appends.WORK);
    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(http.service.heard()).hasSize(2);
  }

  /// What the catalogue does not list, in every way to ask for it.
  @Test
  void whatIsNotListedIsRefusedAndOnRecord() throws Exception {
    String token = http.token(http.approved(Level.READ));
    Map<String, String> words =
        Map.of(
            "/t/acme/customers", "route",
            "/t/globex/tickets", "route",
            "/t/acme/tickets?page=1&page=2", "parameter",
            "/t/acme/tickets?admin=1", "parameter",
            "/t/acme/tickets/7?page=1", "parameter",
            "/t/acme/tickets/", "route",
            "/t/acme/tickets/a%20b%", "",
            "/t/acme/tickets/%61", "route");
    for (var each : words.entrySet()) {
      if (each.getValue().isEmpty()) {
        continue;
      }
      HttpResponse<String> answer = http.get(token, each.getKey());
      assertThat(answer.statusCode()).as(each.getKey()).isBetween(400, 404);
      assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
      assertThat(answer.body())
          .as(each.getKey())
          .contains("\"code\":\"" + each.getValue() + "\"", "\"hint\":");
    }
    assertThat(http.service.heard()).isEmpty();
    assertThat(operations()).hasSize(7).allMatch(each -> each.refused().isPresent());
  }

  @Test
  void aMethodOrABodyThatARouteDoesNotTakeIsRefused() throws Exception {
    String token = http.token(http.approved(Level.WRITE));
    var delete = http.asking(token, "/t/acme/tickets/7").DELETE().build();
    assertThat(http.client.send(delete, BodyHandlers.ofString()).body())
        .contains("\"code\":\"method\"", "405");
    var long1 =
        http.asking(token, "/t/acme/tickets/7")
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString("x".repeat(101)))
            .build();
    assertThat(http.client.send(long1, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    var typed =
        http.asking(token, "/t/acme/tickets/7")
            .header("Content-Type", "text/xml")
            .method("PATCH", BodyPublishers.ofString("<a/>"))
            .build();
    assertThat(http.client.send(typed, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    var get =
        http.asking(token, "/t/acme/tickets").method("GET", BodyPublishers.ofString("{}")).build();
    assertThat(http.client.send(get, BodyHandlers.ofString()).body()).contains("\"code\":\"body\"");
    assertThat(http.service.heard()).isEmpty();
  }

  @Test
  void aLowerLevelChangesNothing() throws Exception {
    var change =
        http.asking(http.token(http.approved(Level.READ)), "/t/acme/tickets/7")
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> answer = http.client.send(change, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"code\":\"level\"", "needs the level write");
    assertThat(http.service.heard()).isEmpty();
  }

  @Test
  void aChangeGoesWithItsBodyAndTheBodyIsCommittedTo() throws Exception {
    var change =
        http.asking(http.token(http.approved(Level.WRITE)), "/t/acme/tickets/7")
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString("{\"state\":\"done\"}"))
            .build();
    assertThat(http.client.send(change, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(http.service.heard().getFirst().body()).isEqualTo("{\"state\":\"done\"}");
    assertThat(operations()).singleElement().matches(each -> each.input().isPresent());
  }

  /// The upstream believes what comes from the gateway, so nothing else comes.
  @Test
  void headersThatAreNotListedDoNotPass() throws Exception {
    String token = http.token(http.approved(Level.READ));
    var request =
        http.asking(token, "/t/acme/tickets")
            .header("X-Forwarded-For", "10.0.0.1")
            .header("X-Lockbox-Assertion", "forged")
            .header("X_Lockbox_Assertion", "forged")
            .header("X-HTTP-Method-Override", "DELETE")
            .header("X-Original-URL", "/admin")
            .header("Forwarded", "for=10.0.0.1")
            .header("Cookie", "admin=1")
            .header("Range", "bytes=0-1")
            .header("Accept", "application/json")
            .build();
    HttpResponse<String> answer = http.client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(http.service.heard().getFirst().headers().keySet())
        .containsExactlyInAnyOrder("accept", "accept-encoding", "host", "user-agent");
    assertThat(answer.headers().map().keySet())
        .contains("cache-control", "content-type")
        .doesNotContain("set-cookie", "x-internal");
  }

  @Test
  void nothingIsKeptByACache() throws Exception {
    http.service.said =
        new TicketService.SaidAnswer(
            200,
            "application/json",
            Map.of("ETag", "\"7\"", "Cache-Control", "public, max-age=600", "Age", "5"),
            Bytes.ofUtf8("{}"));
    http.routes = List.of(HttpFixture.route("said", Method.GET, "/t/{tenant}/said", Level.READ));
    http.reload();
    HttpResponse<String> answer = http.get(http.token(http.approved(Level.READ)), "/t/acme/said");
    assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
    assertThat(answer.headers().map()).doesNotContainKeys("etag", "age");
  }

  @Test
  void aRedirectIsNeitherFollowedNorPassedOn() throws Exception {
    HttpResponse<String> answer =
        http.get(http.token(http.approved(Level.READ)), "/t/acme/elsewhere");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("location")).isEmpty();
    assertThat(answer.body()).doesNotContain("169.254");
  }

  @Test
  void whoIsNotApprovedStaysOut() throws Exception {
    HttpResponse<String> answer =
        http.get(http.token(http.asked(Level.READ, Limits.UNWRITTEN)), "/t/acme/tickets");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("access is not approved: waiting");
    assertThat(http.controlPlane.events()).isEmpty();
  }

  @Test
  void aTokenThatNobodyHasOpensNothing() throws Exception {
    String token = http.token(http.approved(Level.READ));
    String other = token.substring(0, token.length() - 4) + "AAAA";
    for (String each : List.of(other, "nobody." + "A".repeat(43), "A".repeat(43), "")) {
      HttpResponse<String> answer = http.get(each, "/t/acme/tickets");
      assertThat(answer.statusCode()).as(each).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
    }
    assertThat(http.controlPlane.events()).isEmpty();
  }

  /// Also while a session of that secret is open.
  @Test
  void aSecretBehindAnotherNameOpensNothing() throws Exception {
    String token = http.token(http.approved(Level.READ));
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    String secret = token.substring(token.indexOf('.'));
    assertThat(http.get("nobody" + secret, "/t/acme/tickets").statusCode()).isEqualTo(401);
    assertThat(http.service.heard()).hasSize(1);
  }

  @Test
  void aServiceWithoutItsFenceLetsNobodyInAndLosesItsSessions() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    http.standing = new ProtectionState.Broken("open", "the upstream answers anybody");
    Await.until(() -> !http.controlPlane.reasons().isEmpty());
    assertThat(http.controlPlane.reasons()).containsExactly("fence-drifted");
    HttpResponse<String> again = http.get(token, "/t/acme/tickets");
    assertThat(again.statusCode()).isEqualTo(503);
    assertThat(again.body()).contains("does not stand");
  }

  @Test
  void aRevocationCutsAStream() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    HttpResponse<InputStream> stream =
        http.client.send(
            http.asking(token, "/t/acme/events").build(), BodyHandlers.ofInputStream());
    assertThat(new String(stream.body().readNBytes(9), UTF_8)).startsWith("data: 0");
    http.controlPlane.end(asked.submission().id());
    assertThatThrownBy(() -> stream.body().readAllBytes()).isInstanceOf(IOException.class);
    Await.until(() -> !http.controlPlane.reasons().isEmpty());
    assertThat(http.controlPlane.reasons()).containsExactly("ended");
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isIn(403, 503);
    assertThat(outcomes()).singleElement().matches(each -> each.bytes() > 0);
  }

  @Test
  void aBudgetOfBytesIsKept() throws Exception {
    String token =
        http.token(http.approved(Level.READ, Limits.UNWRITTEN.withByteBudget(new ByteBudget(40))));
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    HttpResponse<String> spent = http.get(token, "/t/acme/tickets");
    assertThat(spent.statusCode()).isEqualTo(429);
    assertThat(spent.body()).contains("\"code\":\"budget\"");
  }

  @Test
  void theEvidenceOfTheSessionVerifiesOffline() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    assertThat(http.get(token, "/t/acme/tickets").statusCode()).isEqualTo(200);
    assertThat(http.get(token, "/t/acme/customers").statusCode()).isEqualTo(404);
    Await.until(() -> outcomes().size() == 2);
    http.controlPlane.end(asked.submission().id());
    Await.until(() -> !http.controlPlane.reasons().isEmpty());
    var bundle =
        Bundle.of(
            asked.submission().id(),
            http.acme.log().proven(entry -> true),
            http.acme.log().checkpoint(),
            Map.of());
    assertThat(BundleCheck.verify(bundle.bytes().toArray(), Optional.of(http.acme.pin())))
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified -> assertThat(verified.story().operations()).isEqualTo(2));
  }
}
