package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.epoch.EpochCheck;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.server.StandardOutput;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.TestWitness;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.tree.Hash;

/// A database that was set back to an older state: what was signed since must never be
/// contradicted.
public class RollbackTest {
  @TempDir private Path directory;

  public static void statements(TestTenant tenant, TestGateway gateway, int count) {
    gateway.lease();
    var session = gateway.open(tenant, tenant.approve(tenant.ask("helpdesk")));
    var entries = new ArrayList<Json>();
    for (int i = 0; i < count; i++) {
      var text = TestGateway.sql("select " + i);
      entries.add(gateway.entry(tenant, TestGateway.statement(session, i, text), text));
    }
    assertThat(gateway.append(entries).status()).isEqualTo(200);
  }

  @Test
  void dumpAHundredStatementsRestoreRefuses() {
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(directory);
      var acme = new TestTenant(server, "acme", 1);
      statements(acme, new TestGateway(server, 0, "gw-1", "00000000000000a1"), 1);
      acme.verifiedLog();
      server.stopLast();
      server.dump("older");
      server.startOver(directory);
      statements(acme, new TestGateway(server, 0, "gw-1", "00000000000000a2"), 100);
      int size = acme.verifiedLog().size();
      var signed = acme.checkpoint(size);
      server.stopLast();
      server.restore("older");

      server.startOver(directory);
      var asked = server.post("engineer", acme.requests(), acme.wish("helpdesk"));
      assertThat(asked.status()).isEqualTo(503);
      assertThat(asked.code()).isEqualTo("log_rolled_back");
      assertThat(asked.json().text("detail"))
          .contains("log.example/t/acme", String.valueOf(signed.size()));
      assertThat(acme.checkpoint(0).size()).isLessThan(signed.size());

      // Another log of the same server, and a database that was not set back, go on.
      assertThat(new TestTenant(server, "globex", 1).ask("helpdesk").status()).isEqualTo(201);
      goesOnAfterARecordedRecovery(server, acme, signed);
    }
  }

  private void goesOnAfterARecordedRecovery(TestServer server, TestTenant acme, Checkpoint signed) {
    acme.contact("security@acme.example");
    server.stopLast();
    try (var maintenance = server.maintenance(directory)) {
      var lost = maintenance.recover(acme.origin, "the disk was lost");
      assertThat(lost.lostSize()).isEqualTo(signed.size());
      assertThat(lost.lostRoot()).isEqualTo(signed.root());
      assertThatThrownBy(() -> maintenance.recover(acme.origin, "again"))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(
            server.rows(
                "select recipient || ' ' || text_part from outbox where kind = 'log.recovered'"))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("security@acme.example", signed.root().hex(), "the disk was lost");
    server.startOver(directory);
    var asked = acme.ask("helpdesk");
    assertThat(acme.approve(asked).status()).isEqualTo(200);
    assertThat(acme.verifiedLog())
        .filteredOn(entry -> entry.type() == EntryType.RECOVERY)
        .singleElement()
        .extracting(entry -> ((RecoveryEvent) entry.body()).lostSize())
        .isEqualTo(signed.size());
    var path = acme.requests() + "/" + TestTenant.ref(asked).id() + "/evidence";
    var bundle = server.get("acme-auditor", path).response().body();
    assertThat(BundleCheck.verify(bundle, Optional.empty()))
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified ->
                assertThat(verified.story().lines())
                    .anySatisfy(line -> assertThat(line.what()).startsWith("LOST ENTRIES")));
  }

  @Test
  void aServerThatForgotWhatItSignedDoesNotStartUntilItsOperatorSaysSo(@TempDir Path lost) {
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(directory);
      var acme = new TestTenant(server, "acme", 1);
      acme.verifiedLog();
      server.stopLast();
      assertThatThrownBy(() -> server.startOver(lost))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("acme", "server.signedHeads", "lockbox remember");

      try (var maintenance = server.maintenance(lost)) {
        assertThat(maintenance.remember()).isEqualTo(1);
        assertThatThrownBy(maintenance::remember)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("nothing was changed");
      }
      server.startOver(lost);
      assertThat(acme.ask("helpdesk").status()).isEqualTo(201);
    }
  }

  @Test
  void everyLogThatIsBehindIsSaidAtTheStart() {
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(directory);
      var acme = new TestTenant(server, "acme", 1);
      new TestTenant(server, "globex", 1).verifiedLog();
      acme.verifiedLog();
      server.stopLast();
      server.dump("behind");
      assertThat(StandardOutput.of(() -> server.startOver(directory)))
          .doesNotContain("NOTHING IS SIGNED");
      acme.ask("helpdesk");
      acme.verifiedLog();
      new TestTenant(server, "initech", 1).verifiedLog();
      server.stopLast();
      server.restore("behind");
      assertThat(StandardOutput.of(() -> server.startOver(directory)))
          .contains("NOTHING IS SIGNED OR APPENDED: log.example/t/acme has 1 entries")
          .contains("NOTHING IS SIGNED OR APPENDED: log.example/t/initech has 0 entries")
          .doesNotContain("globex");
    }
  }

  @Test
  void aRestoreThatGrewAgainToTheSameSizeIsAnotherHistory() {
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(directory);
      var acme = new TestTenant(server, "acme", 1);
      acme.verifiedLog();
      server.stopLast();
      server.dump("before");
      server.startOver(directory);
      acme.ask("helpdesk");
      acme.verifiedLog();
      server.stopLast();
      server.restore("before");

      // A server that remembers nothing does not notice, and makes the log as long and longer.
      server.startAnother();
      acme.ask("helpdesk");
      acme.ask("helpdesk");
      acme.verifiedLog();
      server.stopLast();

      server.startOver(directory);
      server.execute("delete from log_checkpoint");
      assertThat(server.get("acme-auditor", "/log/acme/checkpoint").status()).isEqualTo(404);
      var asked = server.post("engineer", acme.requests(), acme.wish("helpdesk"));
      assertThat(asked.code()).isEqualTo("log_rolled_back");
      waitOverRounds(server);
      assertThat(server.get("acme-auditor", "/log/acme/checkpoint").status()).isEqualTo(404);
    }
  }

  /// Until another tenant's entry, appended later, is under a checkpoint of the same rounds.
  private static void waitOverRounds(TestServer server) {
    var globex = new TestTenant(server, "globex", 1);
    for (int i = 0; i < 3; i++) {
      globex.ask("helpdesk");
      globex.checkpoint(globex.verifiedLog().size());
    }
  }

  @Test
  void aWitnessThatHasCosignedMoreStopsTheEpochLog() {
    try (var witness = new TestWitness("w.example");
        var server = new TestServer(List.of(witness.address()))) {
      witness.knows(vkeys(server));
      var acme = new TestTenant(server, "acme", 1);
      server.server(0).buildEpoch();
      server.stopLast();
      server.dump("epochs");
      server.startAnother();
      acme.ask("helpdesk");
      server.server(0).buildEpoch();
      server.server(0).buildEpoch();
      server.stopLast();
      server.restore("epochs");

      // Its own memory is lost with the database; the witness's is not.
      var forgetful = server.startAnother();
      var before = server.rows("select size from epoch_head");
      assertThatThrownBy(forgetful::buildEpoch).hasMessageContaining("rolled back");
      assertThat(server.rows("select size from epoch_head")).isEqualTo(before);
      goesOnUnderAnotherName(server, witness, acme);
    }
  }

  private void goesOnUnderAnotherName(TestServer server, TestWitness witness, TestTenant acme) {
    server.stopLast();
    RecoveryEvent lost;
    try (var maintenance = server.maintenance(directory)) {
      lost = maintenance.recoverEpochs("the disk was lost");
      assertThat(lost.lostSize()).isEqualTo(witness.cosigned("log.example/epochs").size());
      assertThat(lost.lostRoot()).isEqualTo(witness.cosigned("log.example/epochs").root());
      assertThatThrownBy(() -> maintenance.recoverEpochs("again"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no epoch that was signed is missing in log.example/epochs/2");
      maintenance.remember();
    }
    server.startOver(directory);
    server.server(0).buildEpoch();
    var vkeys = vkeys(server);
    assertThat(vkeys.origin()).isEqualTo("log.example/epochs/2");
    assertThat(witnessedEpoch(server, acme).status()).isEqualTo(404);
    witness.knows(vkeys);
    server.server(0).buildEpoch();
    assertThat(
            EpochProof.parse(Json.read(witnessedEpoch(server, acme).response().body()))
                .check(acme.genesis(), vkeys, new WitnessPolicy(1, witness.keys())))
        .isInstanceOf(EpochCheck.Valid.class);
    assertThat(acme.verifiedLog().getLast().body()).isEqualTo(lost);
    var later = new TestTenant(server, "globex", 1);
    assertThat(later.verifiedLog().get(1).body()).isEqualTo(lost);
    assertThat(server.get("acme-auditor", "/v1/tenants/acme/epoch?epoch=0").status())
        .isEqualTo(404);
  }

  private static LogVerifier vkeys(TestServer server) {
    return LogVerifier.parse(
        new String(server.get("nobody", "/epochs/vkeys").response().body(), StandardCharsets.UTF_8)
            .lines()
            .toList());
  }

  private static TestServer.Answer witnessedEpoch(TestServer server, TestTenant tenant) {
    return server.get(
        tenant.id + "-auditor", "/v1/tenants/%s/epoch?witnesses=1".formatted(tenant.id));
  }

  /// The same old backup twice: it knows nothing of the second generation, but this host does, so
  /// the third follows. A tenant's log that is behind comes first.
  @Test
  void aSecondLossTakesAThirdNameAndTenantsLogsComeFirst() {
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(directory);
      var acme = new TestTenant(server, "acme", 1);
      server.server(0).buildEpoch();
      server.stopLast();
      server.dump("first");
      server.startOver(directory);
      server.server(0).buildEpoch();
      server.stopLast();
      server.restore("first");
      try (var maintenance = server.maintenance(directory)) {
        assertThat(maintenance.recoverEpochs("once")).isInstanceOf(RecoveryEvent.EpochsLost.class);
      }
      server.startOver(directory);
      server.server(0).buildEpoch();
      acme.ask("helpdesk");
      acme.verifiedLog();
      server.stopLast();

      server.restore("first");
      var started = server.startOver(directory);
      assertThatThrownBy(started::buildEpoch).hasMessageContaining("rolled back");
      server.stopLast();
      try (var maintenance = server.maintenance(directory)) {
        assertThatThrownBy(() -> maintenance.recoverEpochs("twice"))
            .isInstanceOf(Problem.class)
            .hasMessageContaining("log.example/t/acme");
        assertThat(maintenance.epochs().generation()).isEqualTo(1);
        maintenance.recover(acme.origin, "twice");
        assertThat(maintenance.recoverEpochs("twice"))
            .isInstanceOfSatisfying(
                RecoveryEvent.EpochsLost.class, lost -> assertThat(lost.generation()).isEqualTo(3));
      }
      server.startOver(directory);
      server.server(0).buildEpoch();
      assertThat(vkeys(server).origin()).isEqualTo("log.example/epochs/3");
    }
  }

  @Test
  void whatWasSignedSurvivesAKillAndIsNeverTakenBack() throws IOException {
    var three = new TreeHead(3, Hash.sha256(new byte[] {3}));
    var four = new TreeHead(4, Hash.sha256(new byte[] {4}));
    var other = new TreeHead(4, Hash.sha256(new byte[] {5}));
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of("a", three, "b", three));
      heads.advance(Map.of("a", four));
      heads.advance(Map.of("a", three));
      assertThat(heads.last("a")).hasValue(four);
      assertThatThrownBy(() -> heads.advance(Map.of("a", other)))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> SignedHeadsFile.open(directory))
          .isInstanceOf(IllegalStateException.class);
    }
    // Killed in the middle of a line, and in the middle of writing the file anew.
    Files.writeString(directory.resolve("heads"), "a 9 abc", StandardOpenOption.APPEND);
    Files.writeString(directory.resolve("heads.new"), "a 1");
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.last("a")).hasValue(four);
      assertThat(heads.last("b")).hasValue(three);
      heads.recover("a", four, three);
      assertThat(heads.last("a")).hasValue(three);
    }
    Files.writeString(directory.resolve("heads"), "a x y\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> SignedHeadsFile.open(directory))
        .isInstanceOf(IllegalStateException.class);
  }
}
