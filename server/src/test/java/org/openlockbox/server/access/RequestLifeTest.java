package org.openlockbox.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.tlog.tree.Hash;

final class RequestLifeTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant TWO = new TestTenant(SERVER, "twoman", 2);

  @AfterEach
  void everyLogVerifies() {
    ACME.verifiedLog();
    TWO.verifiedLog();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @Test
  void exactTextsAreShownInTheLogBesideTheReason() {
    var texts = List.of("select 1", "select 2");
    var wish = ACME.wishing("helpdesk").putTexts("statementTexts", texts).build();
    var asked = SERVER.post("engineer", ACME.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    var log = "/v1/tenants/acme/log?limit=1&from=" + TestTenant.ref(asked).index();
    var entry = SERVER.get("acme-auditor", log).json().objects("entries").getFirst();
    assertThat(entry.text("text")).isEqualTo("Cannot log in");
    assertThat(entry.objects("statements").stream().map(one -> one.text("text")))
        .containsExactlyInAnyOrderElementsOf(texts);
  }

  @Test
  void aSignedApprovalOpensAndASignedRevocationEnds() {
    var asked = ACME.ask("helpdesk");
    assertThat(asked.json().text("state")).isEqualTo("pending");

    var approved = ACME.approve(asked);
    assertThat(approved.status()).as(approved.toString()).isEqualTo(200);
    assertThat(approved.json().text("state")).isEqualTo("approved");
    assertThat(approved.json().object("proof").number("size")).isPositive();

    var revoked = ACME.revoke(approved);
    assertThat(revoked.json().text("state")).isEqualTo("revoked");
    var types = ACME.verifiedLog().stream().map(LogEntry::type).toList();
    assertThat(types).containsSubsequence(EntryType.REQUEST, EntryType.DECISION, EntryType.REVOKE);

    var zip =
        SERVER.get(
            "acme-auditor", ACME.requests() + "/" + TestTenant.ref(asked).id() + "/evidence");
    var pin = Hash.ofHex(SERVER.get("acme-auditor", "/v1/tenants/acme").json().text("pin"));
    assertThat(BundleCheck.verify(zip.response().body(), Optional.of(pin)))
        .isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void aRequestShowsWhatOpensItsCommitmentToTheReason() {
    var json = ACME.ask("helpdesk").json();
    var entry = LogEntry.parse(json.bytes("entry"));
    var committed = ((RequestEvent.Requested) entry.body()).reason();
    var opened = new OpenedText(json.bytes("reasonSalt"), Bytes.ofUtf8(json.text("reason")));
    assertThat(opened.commitment()).isEqualTo(committed);
  }

  @Test
  void anApprovalIsRefusedWhen() {
    var asked = ACME.ask("helpdesk");
    var ref = TestTenant.ref(asked);
    var allowed = Optional.of(ACME.allowance(Level.MASKED, Duration.ofMinutes(30)));
    var stranger = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);

    refused(asked, ACME.decision(ref, "acme-ann", allowed).signedBy(stranger), "signature");
    refused(asked, ACME.decision(ref, "acme-bob", allowed).signedBy(ACME.key), "signature");
    refused(asked, ACME.decision(ref, "eve", allowed).signedBy(ACME.engineerKey), "signature");
    refused(asked, TWO.decision(ref, "acme-ann", allowed).signedBy(ACME.key), "signature");
    var changed = new RequestRef(ref.id(), ref.index(), Hash.sha256(new byte[0]), ref.assurance());
    refused(asked, ACME.decision(changed, "acme-ann", allowed).signedBy(ACME.key), "signature");
    var wider = Optional.of(ACME.allowance(Level.READ, Duration.ofMinutes(30)));
    refused(asked, ACME.decision(ref, "acme-ann", wider).signedBy(ACME.key), "level_wider");
    var longer = Optional.of(ACME.allowance(Level.MASKED, Duration.ofMinutes(31)));
    refused(asked, ACME.decision(ref, "acme-ann", longer).signedBy(ACME.key), "time_wider");

    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    assertThat(ACME.approve(asked).code()).isEqualTo("approved");
  }

  private static void refused(TestServer.Answer asked, Envelope envelope, String code) {
    var answer = ACME.step("acme-approver", asked, ":approve", TestTenant.envelope(envelope));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo(code);
  }

  @Test
  void whoeverAsksCannotApprove() {
    var asked = ACME.ask("helpdesk");
    var answer = ACME.step("engineer", asked, ":approve", TestTenant.envelope(ACME.yes(asked)));
    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void aWithdrawnRequestCannotBeApproved() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.step("engineer", asked, ":withdraw", Json.object().build()).status())
        .isEqualTo(200);
    assertThat(ACME.approve(asked).code()).isEqualTo("withdrawn");
  }

  @Test
  void aRequestLapsesAtItsDeadlineAndTheSweepWritesIt() {
    var asked = ACME.ask("helpdesk");
    var late = ACME.yes(asked);
    SERVER.pass(Duration.ofHours(12));
    var answer = ACME.step("acme-approver", asked, ":approve", TestTenant.envelope(late));
    assertThat(answer.code()).isEqualTo("lapsed");
    await(EntryType.LAPSE);
  }

  @Test
  void aGrantExpiresAtItsEndAndTheSweepWritesIt() {
    var asked = ACME.ask("helpdesk");
    ACME.approve(asked);
    SERVER.pass(Duration.ofMinutes(30));
    var path = ACME.requests() + "/" + TestTenant.ref(asked).id();
    assertThat(SERVER.get("engineer", path).json().text("state")).isEqualTo("expired");
    await(EntryType.END);
    assertThat(ACME.revoke(asked).status()).as("it is over already").isEqualTo(409);
  }

  private static void await(EntryType type) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (ACME.verifiedLog().stream().noneMatch(entry -> entry.type() == type)) {
      assertThat(System.nanoTime()).as("waiting for " + type).isLessThan(until);
    }
  }

  @Test
  void twoOfTwoApproversAreCountedByPerson() {
    var asked = TWO.ask("helpdesk");
    var once = TWO.approve(asked);
    assertThat(once.json().text("state")).isEqualTo("pending");
    assertThat(TWO.approve(once).code()).isEqualTo("already_approved_by");
    var allowed = Optional.of(TWO.allowance(Level.MASKED, Duration.ofMinutes(10)));
    var bob = TWO.decision(TestTenant.ref(asked), "twoman-bob", allowed).signedBy(TWO.second);
    var twice = TWO.step("twoman-approver", once, ":approve", TestTenant.envelope(bob));
    assertThat(twice.json().text("state")).isEqualTo("approved");
  }

  @Test
  void aReviewComesFirstWhereTheResourceAsksForIt() {
    var asked = ACME.ask("billing");
    assertThat(ACME.approve(asked).code()).isEqualTo("review_missing");
    var verdict = Json.object().put("verdict", "approve").build();
    var reviewed = ACME.step("reviewer", asked, ":review", verdict);
    assertThat(reviewed.json().object("review").text("by")).isEqualTo("rex");
    assertThat(ACME.approve(asked).status()).isEqualTo(412);
    assertThat(ACME.approve(reviewed).json().text("state")).isEqualTo("approved");
  }

  @Test
  void aDecisionNeedsTheTagOfWhatWasShown() {
    var asked = ACME.ask("helpdesk");
    var path = ACME.requests() + "/" + TestTenant.ref(asked).id() + ":approve";
    var answer = SERVER.post("acme-approver", path, TestTenant.envelope(ACME.yes(asked)));
    assertThat(answer.status()).isEqualTo(428);
  }

  @Test
  void aRetryGetsTheSameAnswerAndMakesOneEntry() {
    var key = Map.of("Idempotency-Key", "k-1");
    var first = SERVER.post("engineer", ACME.requests(), ACME.wish("helpdesk"), key);
    long asked = asked();
    var again = SERVER.post("engineer", ACME.requests(), ACME.wish("helpdesk"), key);
    assertThat(again.toString()).isEqualTo(first.toString());
    assertThat(again.etag()).isEqualTo(first.etag());
    assertThat(asked()).isEqualTo(asked);
    var other = SERVER.post("engineer", ACME.requests(), ACME.wish("billing"), key);
    assertThat(other.status()).isEqualTo(422);
  }

  private static long asked() {
    return ACME.verifiedLog().stream().filter(entry -> entry.type() == EntryType.REQUEST).count();
  }

  @Test
  void aTicketThatIsTooLongIsRefusedAndNoFailureOfTheServer() {
    var wish = new TreeMap<>(((Json.Object) ACME.wish("helpdesk")).members());
    wish.put("ticket", Json.text("S".repeat(101)));
    var answer = SERVER.post("engineer", ACME.requests(), new Json.Object(wish));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.toString()).contains("of at most 100 letters, digits");
  }

  @Test
  void membersThatNobodyAskedForAreRefused() {
    var wish = new TreeMap<>(((Json.Object) ACME.wish("helpdesk")).members());
    wish.put("state", Json.text("approved"));
    var answer = SERVER.post("engineer", ACME.requests(), new Json.Object(wish));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(List.of(answer.code())).containsExactly("malformed");
  }
}
