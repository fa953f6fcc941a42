package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;

/// A yes of the decision point rests on the customer's signature, is on record before it is given,
/// and ends in time.
class AuthzenTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private CheckFixture checks;

  @BeforeEach
  void start() throws IOException {
    checks = new CheckFixture();
  }

  @AfterEach
  void stop() {
    checks.close();
  }

  private static Fields json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Fields.of(Json.read(answer.body().getBytes(UTF_8)), "answer");
  }

  private boolean allows(String subject, String action, String record) throws Exception {
    return checks.evaluate(subject, action, record).body().endsWith("\"decision\":true}");
  }

  @Test
  void anApprovedAccessIsAllowedAndOnRecord() throws Exception {
    RequestEntry asked = checks.letIn(checks.acme, "alice", Level.READ);
    HttpResponse<String> answer = checks.evaluate("alice", "read", "record-1/tickets/7");
    Fields context = json(answer).object("context");
    assertThat(answer.body()).endsWith("\"decision\":true}");
    assertThat(context.text("request")).isEqualTo(asked.submission().id().value());
    assertThat(context.text("level")).isEqualTo("read");
    Await.until(() -> checks.outcomes().size() == 1);
    assertThat(checks.acmesPlane.statements()).containsExactly("read record/record-1/tickets/7");
    assertThat(checks.operations())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.kind()).isEqualTo("check");
              assertThat(each.facts())
                  .isEqualTo(new HttpFacts(HttpFacts.OTHER, Optional.of("records.read")));
              assertThat(each.refused()).isEmpty();
            });
    assertThat(checks.events(SessionEvent.Opened.class))
        .singleElement()
        .satisfies(opened -> assertThat(opened.toString()).contains("asked by helpdesk-app"));
  }

  @Test
  void aYesSaysUntilWhenItIsGood() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    Instant before = checks.clock.instant();
    Fields lease =
        json(checks.evaluate("alice", "read", "record-1")).object("context").object("lease");
    long lasts = lease.number("lastsMillis");
    assertThat(lasts).isBetween(1L, 1_000L);
    assertThat(lease.number("askAgainMillis")).isLessThanOrEqualTo(lasts / 2);
    Instant until = Instant.parse(lease.text("until"));
    assertThat(until).isAfter(before).isBefore(Instant.now().plus(SECOND));
  }

  @Test
  void whoIsNotApprovedIsDeniedAndToldWhy() throws Exception {
    checks.login(checks.acme, checks.asked(checks.acme, "alice", Level.READ, Assurance.CHECKED));
    String answer = checks.evaluate("alice", "read", "record-1").body();
    assertThat(answer).contains("\"decision\":false", "access is not approved: waiting");
    assertThat(checks.evaluate("bob", "read", "record-1").body())
        .contains("\"decision\":false", "lockbox connect");
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  /// An approver who signed for *gated* has not signed for less.
  @Test
  void anAccessThatWasApprovedAsGatedIsNotServedAsChecked() throws Exception {
    RequestEntry asked = checks.asked(checks.acme, "alice", Level.READ, Assurance.GATED);
    checks.acme.approve(asked, "ann");
    checks.login(checks.acme, asked);
    assertThat(checks.evaluate("alice", "read", "record-1").body())
        .contains("\"decision\":false", "approved as gated, and the resource is checked");
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  /// Nobody counts here what the service shows: a promise that cannot be kept is not made.
  @Test
  void aLimitThatNobodyCanKeepIsNotServedWithoutIt() throws Exception {
    for (Limits limits :
        List.of(
            Limits.UNWRITTEN.withRowBudget(new RowBudget(10)),
            Limits.UNWRITTEN.withByteBudget(new ByteBudget(10)))) {
      RequestEntry asked =
          checks.asked(checks.acme, "alice", Level.READ, Assurance.CHECKED, limits);
      checks.acme.approve(asked, "ann");
      checks.login(checks.acme, asked);
      assertThat(checks.evaluate("alice", "read", "record-1").body())
          .contains("\"decision\":false", "a limit that a checked resource cannot keep");
    }
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  @Test
  void anAccessToOneTenantSaysNothingAboutAnother() throws Exception {
    checks.letIn(checks.acme, "alice", Level.WRITE);
    assertThat(allows("alice", "read", "record-1")).isTrue();
    assertThat(allows("alice", "read", "record-2")).isFalse();
    assertThat(allows("alice", "read", "record-3")).isFalse();
    assertThat(allows("alice", "read", "record-1x")).isFalse();
  }

  @Test
  void aHigherLevelIsDeniedOnRecordUntilItIsApproved() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    assertThat(checks.evaluate("alice", "write", "record-1").body())
        .contains("\"decision\":false", "\"code\":\"level\"");
    Await.until(() -> checks.outcomes().size() == 1);
    assertThat(checks.operations())
        .singleElement()
        .matches(each -> each.refused().equals(Optional.of("level")));
    assertThat(checks.outcomes().getFirst().status().word()).isEqualTo("403");
    checks.letIn(checks.acme, "alice", Level.WRITE);
    assertThat(allows("alice", "write", "record-1")).isTrue();
  }

  @Test
  void whatTheCatalogueDoesNotListIsDeniedOnRecord() throws Exception {
    checks.letIn(checks.acme, "alice", Level.WRITE);
    for (String action : List.of("drop", "delete", "READ", "read ")) {
      assertThat(checks.evaluate("alice", action, "record-1").body())
          .as(action)
          .contains("\"decision\":false", "\"code\":\"action\"");
    }
    Await.until(() -> checks.outcomes().size() == 4);
    assertThat(checks.operations()).allMatch(each -> each.refused().equals(Optional.of("action")));
  }

  @Test
  void whatIsNotOnRecordIsNotAllowed() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    assertThat(allows("alice", "read", "record-1")).isTrue();
    checks.acmesPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
    int calls = checks.acmesPlane.appendCalls();
    var answer =
        checks.client.sendAsync(
            checks
                .asking("/access/v1/evaluation", CheckFixture.question("alice", "read", "record-1"))
                .build(),
            BodyHandlers.ofString());
    Await.until(() -> checks.acmesPlane.appendCalls() > calls + 1);
    assertThat(answer).isNotDone();
    assertThat(answer.join().body()).contains("\"decision\":false", "\"code\":\"unknown\"");
    checks.acmesPlane.appends(FakeControlPlane.Appends.WORK);
    Await.until(() -> checks.outcomes().size() == 2);
    assertThat(checks.outcomes().getLast().status().word()).isEqualTo("503");
  }

  /// A yes that a revocation overtakes on its way is cut off, which is no yes.
  private boolean allowsOrIsCutOff(String subject, String action, String resource)
      throws Exception {
    try {
      return allows(subject, action, resource);
    } catch (IOException cutOff) {
      return false;
    }
  }

  /// From the moment that the control plane says so, and without it from the end of the lease.
  @Test
  void aRevocationIsANoWithinASecond() throws Exception {
    RequestEntry asked = checks.letIn(checks.acme, "alice", Level.READ);
    assertThat(allows("alice", "read", "record-1")).isTrue();
    checks.acme.revoke(asked, "ann");
    checks.acmesPlane.end(asked.submission().id());
    long began = System.nanoTime();
    while (allowsOrIsCutOff("alice", "read", "record-1")) {
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SECOND);
    }
    Await.until(() -> !checks.acmesPlane.reasons().isEmpty());
    assertThat(checks.acmesPlane.reasons()).containsExactly("ended");
    assertThat(checks.evaluate("alice", "read", "record-1").body()).contains("revoked");
  }

  @Test
  void withoutALeaseNothingIsAllowed() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    Fields lease =
        json(checks.evaluate("alice", "read", "record-1")).object("context").object("lease");
    checks.acmesPlane.leaseDown(true);
    Instant until = Instant.parse(lease.text("until"));
    Await.until(() -> Instant.now().isAfter(until.plus(SECOND)));
    assertThat(allows("alice", "read", "record-1")).isFalse();
    checks.acmesPlane.leaseDown(false);
    Await.until(
        () -> {
          try {
            return allows("alice", "read", "record-1");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /// A caller that is nobody, or has no business here, cannot tell what there is.
  @Test
  void aStrangerIsToldNothing() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    String body = CheckFixture.question("alice", "read", "record-1");
    for (String sent :
        List.of(
            "Bearer nobody." + CheckFixture.SECRET,
            "Bearer helpdesk-app." + "B".repeat(43),
            "Bearer " + CheckFixture.SECRET,
            "Basic " + CheckFixture.CALLER,
            "")) {
      var request = checks.asking("/access/v1/evaluation", body).setHeader("Authorization", sent);
      HttpResponse<String> answer = checks.send(request.build());
      assertThat(answer.statusCode()).as(sent).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
    }
    var other =
        checks
            .asking("/access/v1/evaluation", body)
            .setHeader("Authorization", "Bearer " + CheckFixture.STRANGER);
    String seen = checks.send(other.build()).body();
    assertThat(seen).contains("\"decision\":false", "\"code\":\"resource\"");
    var nothing =
        checks
            .asking("/access/v1/evaluation", body.replace("record-1", "record-9"))
            .setHeader("Authorization", "Bearer " + CheckFixture.STRANGER);
    assertThat(checks.send(nothing.build()).body()).isEqualTo(seen);
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  /// The secret counts, and no header in which a client could claim to be somebody.
  @Test
  void headersOfAClientMakeNobodyACaller() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    var request =
        HttpRequest.newBuilder(checks.at("/access/v1/evaluation"))
            .header("Content-Type", "application/json")
            .header("X-Lockbox-Caller", CheckFixture.CALLER)
            .header("X-Forwarded-For", "127.0.0.1")
            .header("X-SSL-Client-Verify", "SUCCESS")
            .POST(BodyPublishers.ofString(CheckFixture.question("alice", "read", "record-1")))
            .build();
    assertThat(checks.send(request).statusCode()).isEqualTo(401);
  }

  @Test
  void semanticsStopAtTheFirstThatDecides() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    Map<String, Integer> answers =
        Map.of("execute_all", 3, "deny_on_first_deny", 2, "permit_on_first_permit", 1);
    for (var each : answers.entrySet()) {
      String body =
          """
          {"subject":{"type":"user","id":"alice"},"resource":{"type":"record","id":"record-1"},
           "options":{"evaluations_semantic":"%s"},
           "evaluations":[{"action":{"name":"read"}},{"action":{"name":"write"}},{"action":{"name":"read"}}]}"""
              .formatted(each.getKey());
      HttpResponse<String> answer = checks.post("/access/v1/evaluations", body);
      assertThat(json(answer).objects("evaluations")).as(each.getKey()).hasSize(each.getValue());
    }
    String unknown = "{\"options\":{\"evaluations_semantic\":\"any\"},\"evaluations\":[{}]}";
    assertThat(checks.post("/access/v1/evaluations", unknown).statusCode()).isEqualTo(400);
  }

  @Test
  void aMalformedBodyIsABadRequestAndRecordsNothing() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    String good = CheckFixture.question("alice", "read", "record-1");
    for (String body :
        List.of(
            good + good,
            good.replace("\"id\":\"alice\"", "\"id\":\"bob\",\"id\":\"alice\""),
            good.replace("\"alice\"", "\"\""),
            good.replace("\"alice\"", "null"),
            "[" + good + "]",
            "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}",
            "")) {
      HttpResponse<String> answer = checks.post("/access/v1/evaluation", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.body()).isNotBlank();
    }
    String large = good.replace("alice", "a".repeat(70_000));
    assertThat(checks.post("/access/v1/evaluation", large).statusCode()).isEqualTo(413);
    assertThat(checks.post("/access/v1/nothing", good).statusCode()).isEqualTo(404);
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  @Test
  void aSearchDecidesNothingAndRecordsNothing() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    RequestEntry bobs = checks.letIn(checks.acme, "bob", Level.WRITE);
    String readers =
        """
        {"subject":{"type":"user"},"action":{"name":"%s"},"resource":{"type":"record","id":"record-1"}}""";
    assertThat(checks.post("/access/v1/search/subject", readers.formatted("read")).body())
        .contains("alice", "bob");
    assertThat(checks.post("/access/v1/search/subject", readers.formatted("write")).body())
        .contains("bob")
        .doesNotContain("alice");
    checks.acme.revoke(bobs, "ann");
    assertThat(checks.post("/access/v1/search/subject", readers.formatted("write")).body())
        .isEqualTo("{\"results\":[]}");
    assertThat(checks.acmesPlane.events()).isEmpty();
  }

  @Test
  void theEvidenceOfChecksVerifiesOffline() throws Exception {
    RequestEntry asked = checks.letIn(checks.acme, "alice", Level.READ);
    assertThat(allows("alice", "read", "record-1")).isTrue();
    assertThat(allows("alice", "write", "record-1")).isFalse();
    Await.until(() -> checks.outcomes().size() == 2);
    checks.acmesPlane.end(asked.submission().id());
    Await.until(() -> !checks.acmesPlane.reasons().isEmpty());
    var bundle =
        Bundle.of(
            asked.submission().id(),
            checks.acme.log().proven(entry -> true),
            checks.acme.log().checkpoint(),
            Map.of());
    assertThat(BundleCheck.verify(bundle.bytes().toArray(), Optional.of(checks.acme.pin())))
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified -> assertThat(verified.story().operations()).isEqualTo(2));
  }

  /// What may be done has to be on record as it was asked, so that its customer can read it.
  @Test
  void whatCannotBeRecordedAsItIsIsDenied() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    Map<String, String> codes =
        Map.of(
            "record-1/" + "x".repeat(2_000),
            "length",
            "record-1/a\\u0000b",
            "characters",
            "record-1/a\\nb",
            "characters",
            "record-1/\\u202egnp.exe",
            "characters",
            "record-1/a\\u200bb",
            "characters",
            "record-1/\\ud800",
            "characters");
    for (var each : codes.entrySet()) {
      String answer = checks.evaluate("alice", "read", each.getKey()).body();
      assertThat(answer).as(each.getKey()).contains("\"decision\":false");
      assertThat(answer).as(each.getKey()).containsAnyOf(each.getValue(), "no JSON");
    }
    assertThat(checks.operations()).allMatch(each -> each.refused().isPresent());
  }

  /// The entry that opens a session names the catalogue that it goes by.
  @Test
  void aSessionEndsWithItsCatalogue() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    assertThat(allows("alice", "read", "record-1")).isTrue();
    assertThat(allows("alice", "list", "record-1")).isFalse();
    checks.reload("{action: read, level: read}", "{action: list, level: read}");
    assertThat(allows("alice", "list", "record-1")).isTrue();
    Await.until(() -> !checks.acmesPlane.reasons().isEmpty());
    assertThat(checks.acmesPlane.reasons()).containsExactly("fence-drifted");
    List<SessionEvent.Opened> opened = checks.events(SessionEvent.Opened.class);
    assertThat(opened).hasSize(2);
    assertThat(allows("alice", "list", "record-1")).as("in the new one").isTrue();
    assertThat(checks.events(SessionEvent.Opened.class)).hasSize(2);
  }

  /// An empty list would say that nobody can reach the data.
  @Test
  void aSearchThatNobodyCanAnswerNowIsNoEmptyList() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    checks.acmesPlane.down(true);
    String search =
        """
        {"subject":{"type":"user"},"action":{"name":"read"},"resource":{"type":"record","id":"record-1"}}""";
    assertThat(checks.post("/access/v1/search/subject", search).statusCode()).isEqualTo(503);
    checks.acmesPlane.down(false);
    assertThat(checks.post("/access/v1/search/subject", search).body()).contains("alice");
  }

  /// Each is looked at once more when all are on record, so the first may have waited for long.
  @Test
  void everyYesOfManyIsOnRecordAndSent() throws Exception {
    checks.letIn(checks.acme, "alice", Level.READ);
    String body =
        """
        {"subject":{"type":"user","id":"alice"},"resource":{"type":"record","id":"record-1"},
         "evaluations":[%s]}"""
            .formatted(
                String.join(",", Collections.nCopies(50, "{\"action\":{\"name\":\"read\"}}")));
    HttpResponse<String> answer = checks.post("/access/v1/evaluations", body);
    assertThat(json(answer).objects("evaluations")).hasSize(50);
    assertThat(answer.body()).doesNotContain("\"decision\":false");
    assertThat(checks.operations()).hasSize(50);
  }
}
