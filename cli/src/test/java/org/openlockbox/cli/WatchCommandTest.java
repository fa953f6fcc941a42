package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.watch.LogCopy;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.testing.LogRotation;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedGateways;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tile.EntryBundle;

class WatchCommandTest {
  @TempDir private Path home;
  private final StubServer server = new StubServer();
  private final WatchedTenant watched = new WatchedTenant(server);
  private final TenantFixture acme = watched.acme;

  @AfterEach
  void stop() {
    server.close();
  }

  private void serve(TenantFixture tenant) {
    watched.serve(tenant);
  }

  private Shell.Result watch(String... more) {
    return watched.watch(home, more);
  }

  private TenantFixture.RequestEntry visited(int statements) {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    for (int n = 0; n < statements; n++) {
      acme.fromGateway(
          new SessionEvent.Operation(
              session,
              n,
              acme.commit("select " + n),
              Optional.empty(),
              "query",
              SqlFacts.of("select")));
      acme.fromGateway(
          new SessionEvent.Outcome(session, n, OutcomeStatus.SQL_DONE, 0, 1, 0, Optional.empty()));
    }
    return asked;
  }

  @Test
  void anHonestLogIsReadOnFromWhereItWasLeft() throws IOException {
    visited(200);
    serve(acme);
    var first = watch();
    assertThat(first.exit()).as(first.out() + first.err()).isZero();
    visited(100);
    serve(acme);
    var second = watch();
    assertThat(second.exit()).as(second.out() + second.err()).isZero();
    assertThat(second.err()).contains(acme.log().size() + " entries of acme");
    try (var lines = Files.lines(home.resolve("watch/acme/entries.jsonl"))) {
      assertThat(lines).hasSize((int) acme.log().size());
    }
    assertThat(server.asked()).filteredOn(path -> path.endsWith("/000")).hasSize(1);
  }

  /// Two would append the same entries twice, and from then on the copy would contradict itself.
  @Test
  void oneAtATimeHasTheCopy() throws IOException {
    visited(10);
    serve(acme);
    try (LogCopy _ = LogCopy.open(home.resolve("watch/acme"))) {
      var second = watch();
      assertThat(second.exit()).isEqualTo(3);
      assertThat(second.err()).contains("another lockbox watch is at work", "--copy DIR");
      assertThat(server.asked()).isEmpty();
    }
    assertThat(watch().exit()).isZero();
  }

  @Test
  void aGatewayAuthorityThatIsToFollowIsToldUntilTheTenantHasObjected() {
    visited(1);
    var change = new SignedGateways(acme).change("authority", "next", AuthorityChange.SHORTEST);
    serve(acme);
    var told = watch();
    assertThat(told.exit()).isEqualTo(1);
    assertThat(told.out() + told.err()).contains("lockbox gateway object --tenant acme");
    new SignedPolicy(acme).change(new Edit.ObjectToAuthority(change.bytes().sha256()), "ann");
    serve(acme);
    assertThat(watch().exit()).isZero();
  }

  /// It is no finding, and no peace: exit code 3, and the copy ends before it.
  @Test
  void anEntryOfALaterVersionCannotBeChecked() throws IOException {
    visited(3);
    long before = acme.log().size();
    serve(acme);
    assertThat(watch().exit()).isZero();
    acme.log()
        .appendRaw(
            Bytes.ofUtf8(
                """
                {"body":{},"origin":"%s","seq":%d,"ts":1,"type":"answered-by-proxy","v":2}"""
                    .formatted(acme.log().origin(), before)));
    visited(3);
    serve(acme);
    for (int pass = 0; pass < 2; pass++) {
      var result = watch();
      assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(3);
      assertThat(result.err()).contains("entry " + before, "of version 2 needs a newer release");
      assertThat(result.out()).isEmpty();
    }
    try (var lines = Files.lines(home.resolve("watch/acme/entries.jsonl"))) {
      assertThat(lines).hasSize((int) before);
    }
  }

  /// It is told once, and nothing is wrong; the old keys sign nothing more for this reader.
  @Test
  void newKeysOfTheLogAreToldOnceAndFollowed() {
    var old = acme.logKeys();
    visited(3);
    serve(acme);
    assertThat(watch().exit()).isZero();
    var next = SigningKeys.generate(new SecureRandom());
    long at = LogRotation.rotate(acme, next).seq();
    visited(3);
    serve(acme);
    var told = watch();
    assertThat(told.exit()).as(told.out() + told.err()).isZero();
    assertThat(told.out())
        .startsWith("entry %d: the provider replaced the keys of the log".formatted(at));
    var again = watch();
    assertThat(again.exit()).as(again.out() + again.err()).isZero();
    assertThat(again.out()).isEmpty();
    visited(3);
    acme.signBy(old);
    serve(acme);
    var forged = watch();
    assertThat(forged.exit()).isEqualTo(1);
    assertThat(forged.out()).contains("not signed by both log keys that are in force at its size");
  }

  @Test
  void aStatementWithoutASessionIsFound() {
    var stray =
        new SessionEvent.Operation(
            acme.session(),
            0,
            acme.commit("select 1"),
            Optional.empty(),
            "query",
            SqlFacts.of("select"));
    acme.fromGateway(stray);
    serve(acme);
    var result = watch();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("entry 1: operation without a request or a session\n");
  }

  @Test
  void aSessionWithoutADecisionIsFoundAndWhatFollowsToo() {
    var asked = acme.ask(1);
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    acme.fromGateway(
        new SessionEvent.Operation(
            session, 0, acme.commit("select 1"), Optional.empty(), "query", SqlFacts.of("select")));
    serve(acme);
    var result = watch("-o", "json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("{\"seq\":2,\"what\":\"a session was opened without a decision in force\"}")
        .contains("{\"seq\":3,");
  }

  @Test
  void aGapInAGatewaysCounterIsFound() {
    var asked = visited(1);
    var opened = acme.opened(asked, acme.session());
    acme.stamp(opened);
    acme.fromGateway(opened);
    serve(acme);
    var result = watch();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("gateway gw-1 counts 4 where 3 is next");
  }

  @Test
  void aGatewayThatBeginsInTheMiddleIsFound() {
    var asked = visited(1);
    var opened = acme.opened(asked, acme.session());
    var boot = GatewayStamp.of(TenantFixture.GATEWAY, "00000000000000b2", 3);
    acme.log().append(opened, boot.signed(acme.tenant(), opened, acme.key("gateway")));
    serve(acme);
    assertThat(watch().out()).contains("gateway gw-1 counts 3 where 0 is next");
  }

  @Test
  void aForgedDecisionIsFound() {
    var asked = acme.ask(1);
    acme.decide(
        acme.decision(asked, "ann", Optional.empty()).unsigned().signedBy(acme.key("mallory")));
    serve(acme);
    assertThat(watch().out()).contains("entry 2: signed with a key that is not in the");
  }

  @Test
  void aLogThatShrinksIsFoundAndTheCopyStays() throws IOException {
    visited(3);
    serve(acme);
    assertThat(watch().exit()).isZero();
    var before = Files.readString(home.resolve("watch/acme/checkpoint"));
    var entries = Files.readString(home.resolve("watch/acme/entries.jsonl"));
    serve(shorter());
    var result = watch();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("fewer than the 10 read before", "contradiction-");
    assertThat(Files.readString(home.resolve("watch/acme/checkpoint"))).isEqualTo(before);
    assertThat(Files.readString(home.resolve("watch/acme/entries.jsonl"))).isEqualTo(entries);
  }

  /// Another tenant's log under the same name: nothing of it continues what was read.
  private static TenantFixture shorter() {
    return new TenantFixture("acme", 1, new SettableClock());
  }

  @Test
  void aForkIsFoundAndItsCheckpointKept() throws IOException {
    visited(3);
    serve(acme);
    assertThat(watch().exit()).isZero();
    var fork = shorter();
    for (int i = 0; i < 20; i++) {
      fork.ask(1);
    }
    serve(fork);
    var result = watch();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("contradiction-");
    try (var files = Files.list(home.resolve("watch/acme"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("contradiction-"));
    }
    serve(acme);
    assertThat(watch().exit()).isZero();
  }

  /// What was signed is in the copy, so nobody is deceived; but the provider must not lose it.
  @Test
  void whatIsNoLongerServedAsItWasIsFoundWhenReadAgain() {
    visited(3);
    serve(acme);
    assertThat(watch("--again").exit()).isZero();
    List<byte[]> entries = new ArrayList<>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      entries.add(acme.log().entry(seq).toArray());
    }
    entries.set(4, acme.log().entry(5).toArray());
    server.onBytes(
        "GET /log/acme/tile/entries/000.p/" + acme.log().size(), () -> EntryBundle.encode(entries));
    assertThat(watch().exit()).isZero();
    var result = watch("--again");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).hasLineCount(1).contains("entry 4: it is no longer served");
  }

  @Test
  void anotherGenesisIsFound() {
    serve(shorter());
    var result = watch();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("another genesis than the one pinned");
  }

  @Test
  void whatCannotBeCheckedIsNoFinding() throws IOException {
    assertThat(watch().exit()).isEqualTo(3);
    assertThat(
            new Shell(home, watched.clock)
                .at("http://127.0.0.1:1")
                .run("watch", "acme", "--pin", acme.pin().hex())
                .exit())
        .isEqualTo(8);
    visited(1);
    serve(acme);
    assertThat(watch().exit()).isZero();
    Path copy = home.resolve("watch/acme/entries.jsonl");
    Files.writeString(
        copy, Files.readString(copy).replace("select", "sele").replaceFirst("eve", "evE"));
    var damaged = watch();
    assertThat(damaged.exit()).isEqualTo(3);
    assertThat(damaged.err()).contains("does not agree with the checkpoint beside it");
  }

  @Test
  void aCrashInTheMiddleOfALineCostsNothing() throws IOException {
    visited(2);
    serve(acme);
    assertThat(watch().exit()).isZero();
    Path copy = home.resolve("watch/acme/entries.jsonl");
    visited(1);
    String next = acme.log().entry(8).utf8();
    Files.writeString(copy, Files.readString(copy) + next + "\n{\"bo");
    serve(acme);
    assertThat(watch().exit()).isZero();
    assertThat(Files.readString(copy)).hasLineCount((int) acme.log().size());
  }
}
