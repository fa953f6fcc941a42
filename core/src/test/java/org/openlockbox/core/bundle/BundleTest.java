package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.Lines;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;

class BundleTest {
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);

  @Test
  void theStoryIsToldInOrder() {
    var asked = visited(2);
    var story = verified(bundle(asked).bytes());
    assertThat(story.lines())
        .extracting(Story.StoryLine::who)
        .containsSubsequence("approvers", "eve", "ann", "eve", "gateway gw-1");
    assertThat(text(story))
        .contains("approved masked from 2026-01-05T09:00:00Z to 2026-01-05T09:30:00Z")
        .contains("query 0: \u201cselect 0")
        .contains(
            "reason \u201cCannot log in\u201d; name \u201cEve Adams\u201d; employer \u201cVendor GmbH\u201d, DE")
        .contains("Genesis is the one pinned");
    assertThat(story.operations()).isEqualTo(2);
  }

  @Test
  void aBundleWithoutAPinSaysThatItWasNotCompared() {
    var asked = visited(1);
    var check = BundleCheck.verify(bundle(asked).bytes().toArray(), Optional.empty());
    assertThat(check)
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            v -> assertThat(text(v.story())).contains("NOT COMPARED WITH A PIN"));
  }

  @Test
  void anotherPinIsBroken() {
    var zip = bundle(visited(1)).bytes().toArray();
    var other = Optional.of(Bytes.ofUtf8("other").sha256());
    assertThat(BundleCheck.verify(zip, other))
        .isInstanceOfSatisfying(
            BundleCheck.Invalid.class, b -> assertThat(b.where()).isEqualTo("pin"));
  }

  @Test
  void everyChangedByteIsFound() {
    var zip = bundle(visited(1)).bytes().toArray();
    for (int at = 0; at < zip.length; at++) {
      var changed = zip.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      assertThat(BundleCheck.verify(changed, Optional.of(acme.pin())))
          .as("byte %d", at)
          .isInstanceOf(BundleCheck.Invalid.class);
    }
  }

  @Test
  void aBundleCutShortOrExtendedIsFound() {
    var zip = bundle(visited(1)).bytes();
    for (int length = 0; length < zip.size(); length += 97) {
      assertBroken(zip.slice(0, length));
    }
    assertBroken(zip.plus(Bytes.of(new byte[1])));
  }

  @Test
  void ordinaryZipReadersReadIt() throws IOException {
    var bundle = bundle(visited(1));
    var names = new ArrayList<String>();
    try (var in = new ZipInputStream(new ByteArrayInputStream(bundle.bytes().toArray()))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
        assertThat(Bytes.of(in.readAllBytes())).isEqualTo(bundle.files().get(entry.getName()));
      }
    }
    assertThat(names).isSorted().contains("MANIFEST.json", "entries/000000.jsonl");
  }

  @Test
  void aChangedFileIsNamedEvenWithTrueChecksums() {
    var asked = visited(1);
    var files = bundle(asked).files();
    var name = "entries/000000.jsonl";
    files.computeIfPresent(name, (n, file) -> file.plus(Bytes.ofUtf8(" ")));
    assertThat(BundleCheck.verify(StoredZip.write(files).toArray(), Optional.of(acme.pin())))
        .isEqualTo(new BundleCheck.Invalid("not the file that the manifest lists", name));
  }

  @Test
  void aTextThatNoEntryCommitsToIsFound() {
    var asked = visited(1);
    acme.commit("a stray text");
    assertBrokenWith(bundleAll(asked, acme.texts()).bytes(), "no entry commits to the text of ");
  }

  @Test
  void anErasedTextLeavesTheBundleTrue() {
    var asked = visited(1);
    var story = verified(bundleAll(asked, Map.of()).bytes());
    assertThat(text(story)).contains("text not disclosed (commitment ");
  }

  @Test
  void aBundleOpensWhatItIsAskedToDisclose() {
    var full = bundle(visited(2));
    var decided = verified(full.disclosing(Disclosure.DECISIONS).bytes());
    assertThat(text(decided)).contains("Cannot log in", "query 0: text not disclosed");
    var none = verified(full.disclosing(Disclosure.NONE).bytes());
    assertThat(text(none)).contains(": text not disclosed").doesNotContain("Cannot log in");
    assertThat(full.disclosing(Disclosure.ALL)).isEqualTo(full);
  }

  @Test
  void aTextOfAnotherCommitmentIsFoundInItsLine() {
    var bundle = bundle(visited(1));
    var files = bundle.files();
    var lines =
        Lines.read(Bundle.TEXTS, Optional.ofNullable(files.get(Bundle.TEXTS)).orElseThrow());
    var swapped = Bytes.ofUtf8(lines.get(1).utf8().replaceFirst("\"text\":\"..", "\"text\":\"QQ"));
    files.put(Bundle.TEXTS, Lines.of(List.of(lines.getFirst(), swapped)));
    assertBrokenWith(
        TamperedBundles.sealed(files), "line 2: the text does not open the commitment");
  }

  @Test
  void aMissingStatementIsFound() {
    var asked = approved();
    var session = open(asked);
    acme.fromGateway(statement(session, 0));
    acme.fromGateway(statement(session, 2));
    assertBrokenWith(bundle(asked).bytes(), "operation 1 is missing: 2 is next");
  }

  @Test
  void aStatementLeftOutOfTheBundleIsFound() {
    var asked = visited(3);
    var full = acme.log().proven(entry -> true);
    for (int left = 4; left < full.size() - 2; left++) {
      var entries = new ArrayList<>(full);
      entries.remove(left);
      assertBroken(of(asked, entries, mentioned()).bytes());
    }
  }

  @Test
  void aSessionWithoutItsCloseIsToldAsSuch() {
    var asked = visited(1);
    var entries = new ArrayList<>(acme.log().proven(entry -> true));
    entries.remove(entries.size() - 2);
    var story = verified(of(asked, entries, mentioned()).bytes());
    assertThat(story.unclosed()).isEqualTo(1);
    assertThat(text(story)).contains("without a signed close");
  }

  /// The gateway was cut off for so long that the server gave its session up, and then came back.
  @Test
  void aSessionThatWasGivenUpTooEarlyIsClosedByItsGateway() {
    var asked = approved();
    var session = open(asked);
    var first = statement(session, 0);
    var second = statement(session, 1);
    acme.fromGateway(first);
    acme.log().append(new SessionEvent.Lost(session, "gateway gw-1 is gone"));
    acme.fromGateway(second);
    var head = SessionChain.of(session).with(first).with(second).head();
    acme.fromGateway(new SessionEvent.Closed(session, "lease-lapsed", 2, 0, 0, head, true));
    var story = verified(bundle(asked).bytes());
    assertThat(story.unclosed()).isZero();
    assertThat(text(story)).contains("gateway gw-1 is gone", "lease-lapsed");
    acme.log().append(new SessionEvent.Lost(session, "again"));
    assertBrokenWith(bundle(asked).bytes(), "after the end of its session");
  }

  @Test
  void aChangedStatementBreaksTheChain() {
    var asked = approved();
    var session = open(asked);
    var chain = SessionChain.of(session).with(statement(session, 0));
    acme.fromGateway(statement(session, 0));
    acme.fromGateway(new SessionEvent.Closed(session, "ended", 1, 0, 0, chain.head(), true));
    assertBrokenWith(bundle(asked).bytes(), "changed, added or moved");
  }

  @Test
  void falseTotalsAreFound() {
    var asked = approved();
    var session = open(asked);
    var head = SessionChain.of(session).head();
    acme.fromGateway(new SessionEvent.Closed(session, "ended", 1, 0, 0, head, true));
    assertBrokenWith(bundle(asked).bytes(), "closed with 1 operations");
  }

  @Test
  void moreRowsThanTheApproversAllowedAreFoundOverAllSessions() {
    var asked = approved();
    List.of(600, 400).forEach(rows -> result(open(asked), rows));
    verified(bundle(asked).bytes());
    result(open(asked), 1);
    assertBrokenWith(bundle(asked).bytes(), "more rows than the approvers allowed");
  }

  @Test
  void countsThatNoCounterHoldsAreAVerdictAndNoCrash() {
    var asked = approved();
    var session = open(asked);
    for (int n = 0; n < 1100; n++) {
      acme.fromGateway(statement(session, n));
      acme.fromGateway(outcome(session, n, 0, Json.Number.MAX));
    }
    acme.fromGateway(closed(session, 1100, Json.Number.MAX, SessionChain.of(session)));
    assertBrokenWith(bundle(asked).bytes(), "closed with 1100 operations");
  }

  private void result(SessionId session, long rows) {
    acme.fromGateway(statement(session, 0));
    acme.fromGateway(outcome(session, 0, rows, 1));
  }

  private static SessionEvent outcome(SessionId session, long n, long rows, long bytes) {
    return new SessionEvent.Outcome(
        session, n, OutcomeStatus.SQL_DONE, rows, bytes, 0, Optional.empty());
  }

  private static SessionEvent closed(SessionId of, long sent, long bytes, SessionChain chain) {
    return new SessionEvent.Closed(of, "ended", sent, 0, bytes, chain.head(), true);
  }

  @Test
  void aStatementWithoutASessionIsFound() {
    var asked = approved();
    acme.fromGateway(statement(acme.session(), 0));
    assertBrokenWith(bundleAll(asked, Map.of()).bytes(), "of a session that was not opened");
  }

  @Test
  void aSessionWithoutADecisionIsFound() {
    var asked = acme.ask(1);
    open(asked);
    assertBrokenWith(bundle(asked).bytes(), "without a decision in force");
  }

  @Test
  void aSessionAfterTheEndIsFound() {
    var asked = approved();
    acme.revoke(asked, "ann");
    clock.advance(Duration.ofSeconds(2));
    open(asked);
    assertBrokenWith(bundle(asked).bytes(), "after the grant had ended");
  }

  @Test
  void aStatementThatIsLoggedAfterTheEndIsMarked() {
    var asked = approved();
    var session = open(asked);
    acme.fromGateway(statement(session, 0));
    acme.revoke(asked, "ann");
    clock.advance(Duration.ofSeconds(5));
    acme.fromGateway(statement(session, 1));
    assertThat(text(verified(bundle(asked).bytes())))
        .contains("LOGGED 5 s AFTER THE ACCESS HAD ENDED")
        .containsOnlyOnce("AFTER THE ACCESS");
  }

  @Test
  void aSessionAfterTheTimeIsFound() {
    var asked = approved();
    var opened = acme.opened(asked, acme.session());
    clock.advance(Duration.ofMinutes(31));
    acme.fromGateway(opened);
    assertBrokenWith(bundle(asked).bytes(), "outside the granted time");
  }

  @Test
  void anOpeningByAnotherGatewayKeyIsFound() {
    var asked = approved();
    var opened = acme.opened(asked, acme.session());
    acme.log().append(opened, acme.stamp(opened, acme.key("ann")));
    assertBrokenWith(bundle(asked).bytes(), "not signed with the key that the gateway");
  }

  @Test
  void aClosingByAnotherGatewayKeyIsFound() {
    var asked = approved();
    var session = open(asked);
    var close =
        new SessionEvent.Closed(session, "x", 0, 0, 0, SessionChain.of(session).head(), true);
    acme.log().append(close, acme.stamp(close, acme.key("ann")));
    assertBrokenWith(bundle(asked).bytes(), "not signed with the key that the gateway");
  }

  /// What this thread has computed so far, whatever else the machine was busy with.
  private static long worked() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /// Ten times the statements may cost about ten times the work, never a hundred times.
  @Test
  void verifyingIsNotQuadratic() {
    var small = bundle(visited(400)).bytes();
    var large = new BundleTest();
    var zip = large.bundle(large.visited(4000)).bytes();
    verified(small);
    long start = worked();
    verified(small);
    long middle = worked();
    large.verified(zip);
    assertThat(worked() - middle).isLessThan(40 * (middle - start));
  }

  private RequestEntry approved() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    return asked;
  }

  private SessionId open(RequestEntry asked) {
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    return session;
  }

  /// A request that was approved, with one session of so many statements, revoked at last.
  private RequestEntry visited(int statements) {
    var asked = approved();
    var session = open(asked);
    var chain = SessionChain.of(session);
    for (int n = 0; n < statements; n++) {
      for (var event : List.of(statement(session, n), outcome(session, n, 0, 10))) {
        acme.fromGateway(event);
        chain = chain.with(event);
      }
    }
    acme.fromGateway(closed(session, statements, 10L * statements, chain));
    acme.revoke(asked, "bob");
    return asked;
  }

  private SessionEvent.Operation statement(SessionId session, long n) {
    var text = acme.commit("select " + n);
    var facts = SqlFacts.of("select");
    return new SessionEvent.Operation(session, n, text, Optional.empty(), "query", facts);
  }

  private Map<Commitment, OpenedText> mentioned() {
    var mentioned = new HashMap<>(acme.texts());
    var text = new StringBuilder();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      text.append(acme.log().entry(seq).utf8());
    }
    if (mentioned.size() < 100) {
      mentioned.keySet().removeIf(commitment -> text.indexOf(commitment.hex()) < 0);
    }
    return mentioned;
  }

  private Bundle bundle(RequestEntry asked) {
    return bundleAll(asked, mentioned());
  }

  private Bundle bundleAll(RequestEntry asked, Map<Commitment, OpenedText> texts) {
    return of(asked, acme.log().proven(entry -> true), texts);
  }

  private Bundle of(
      RequestEntry asked, List<LoggedEntry> entries, Map<Commitment, OpenedText> texts) {
    return Bundle.of(asked.submission().id(), entries, acme.log().checkpoint(), texts);
  }

  private static String text(Story story) {
    return String.join("\n", story.told());
  }

  private Story verified(Bytes zip) {
    return switch (BundleCheck.verify(zip.toArray(), Optional.of(acme.pin()))) {
      case BundleCheck.Valid(var story) -> story;
      case BundleCheck.Invalid broken -> throw new AssertionError(broken.toString());
      case BundleCheck.Newer newer -> throw new AssertionError(newer.toString());
    };
  }

  private void assertBroken(Bytes zip) {
    assertThat(BundleCheck.verify(zip.toArray(), Optional.of(acme.pin())))
        .isInstanceOf(BundleCheck.Invalid.class);
  }

  private void assertBrokenWith(Bytes zip, String what) {
    assertThat(BundleCheck.verify(zip.toArray(), Optional.of(acme.pin())))
        .isInstanceOfSatisfying(
            BundleCheck.Invalid.class, broken -> assertThat(broken.what()).contains(what));
  }
}
