package org.openlockbox.server.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.epoch.EpochCheck;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.epoch.EpochStatement;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.TestWitness;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.SignedNote;

/// The epoch log: what a tenant is shown of its own head in it, who cosigned that, and what others
/// see.
class EpochTest {
  private static final String HELD =
      "select count(*) from pg_locks where relation = 'log_checkpoint'::regclass and not granted";

  private static TestWitness first;
  private static TestWitness second;
  private static TestServer server;
  private static TestTenant acme;
  private static TestTenant globex;

  @BeforeAll
  static void start() {
    first = new TestWitness("w1.example");
    second = new TestWitness("w2.example");
    server = new TestServer(List.of(first.address(), second.address()));
    server.startAnother();
    var vkeys =
        new String(server.get("nobody", "/epochs/vkeys").response().body(), StandardCharsets.UTF_8);
    var log = LogVerifier.parse(vkeys.lines().toList());
    assertThat(log.origin()).isEqualTo("log.example/epochs");
    first.knows(log);
    second.knows(log);
    acme = new TestTenant(server, "acme", 1);
    globex = new TestTenant(server, "globex", 1);
  }

  @AfterAll
  static void stop() {
    server.close();
    first.close();
    second.close();
  }

  private static WitnessPolicy policy(int quorum) {
    return new WitnessPolicy(
        quorum, Stream.concat(first.keys().stream(), second.keys().stream()).toList());
  }

  private static EpochProof proof(TestTenant tenant, String query) {
    var answer =
        server.get(tenant.id + "-auditor", "/v1/tenants/%s/epoch%s".formatted(tenant.id, query));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return EpochProof.parse(Json.read(answer.response().body()));
  }

  private static EpochCheck.Valid proven(TestTenant tenant, String query, int quorum) {
    return switch (proof(tenant, query).check(tenant.genesis(), keys(tenant), policy(quorum))) {
      case EpochCheck.Valid proven -> proven;
      case EpochCheck.Invalid refused -> throw new AssertionError(refused.toString());
    };
  }

  private static LogVerifier keys(TestTenant tenant) {
    return tenant.genesis().logKeys().named(tenant.origin.epochs().origin());
  }

  private static Checkpoint checkpoint() {
    var note = SignedNote.parse(server.get("nobody", "/epochs/checkpoint").response().body());
    return Checkpoint.open(note, keys(acme)).orElseThrow();
  }

  @Test
  void aTenantsHeadIsProvenUnderBothWitnesses() {
    acme.ask("helpdesk");
    server.server(0).buildEpoch();
    for (var tenant : List.of(acme, globex)) {
      var proven = proven(tenant, "?witnesses=2", 2);
      var size = tenant.verifiedLog().size();
      assertThat(proven.head().size()).isEqualTo(size);
      assertThat(proven.head().root()).isEqualTo(tenant.checkpoint(size).root());
      assertThat(proven.witnessed()).isPresent();
    }
    var other = proof(acme, "").check(globex.genesis(), keys(globex), policy(0));
    assertThat(other).isInstanceOf(EpochCheck.Invalid.class);
  }

  @Test
  void everyServerGoesOnWhereAnotherStopped() {
    for (int i = 0; i < 6; i++) {
      acme.ask("helpdesk");
      server.server(i % 2).buildEpoch();
      long epoch = checkpoint().size() - 1;
      assertThat(proven(acme, "?epoch=" + epoch, 2).head().size())
          .isEqualTo(acme.verifiedLog().size());
    }
  }

  /// Its entry waits in its transaction, head and all, while both servers build epochs.
  @Test
  void aHeadThatIsCommittedLateIsInTheNextEpoch() throws Exception {
    long before = acme.verifiedLog().size();
    buildThree();
    assertThat(server.rows("select count(*) from log_moved")).containsExactly("0");
    try (var lock = DriverManager.getConnection(server.jdbcUrl);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      lock.setAutoCommit(false);
      try (var statement = lock.createStatement()) {
        statement.execute("lock table log_checkpoint in share mode");
      }
      var late = threads.submit(() -> acme.ask("helpdesk"));
      while (!server.rows(HELD).equals(List.of("1"))) {
        assertThat(late.isDone()).isFalse();
      }
      server.server(0).buildEpoch();
      server.server(1).buildEpoch();
      lock.rollback();
      assertThat(late.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
    }
    assertThat(proven(acme, "", 2).head().size()).isEqualTo(before);
    server.server(1).buildEpoch();
    assertThat(proven(acme, "", 2).head().size()).isEqualTo(before + 1);
    buildThree();
    assertThat(server.rows("select count(*) from log_moved")).containsExactly("0");
  }

  private static void buildThree() {
    for (int n = 0; n < 3; n++) {
      server.server(n % 2).buildEpoch();
    }
  }

  @Test
  void aPastEpochIsBuiltAgainFromTheChangesAlone() {
    acme.ask("helpdesk");
    server.server(0).buildEpoch();
    long epoch = checkpoint().size() - 1;
    var then = proven(acme, "?epoch=" + epoch, 2).head();
    var idle = server.rows("select count(*) from epoch_change where slot = 1");
    for (int i = 0; i < 3; i++) {
      acme.ask("helpdesk");
      server.server(0).buildEpoch();
    }
    assertThat(proven(acme, "?epoch=" + epoch, 2).head()).isEqualTo(then);
    assertThat(server.rows("select count(*) from epoch_change where slot = 1")).isEqualTo(idle);
    assertThat(proven(globex, "", 2).head().epoch()).isEqualTo(epoch + 3);
  }

  /// What came before it is not read: that would cost more with each epoch.
  @Test
  void theNewestEpochIsBuiltAgainFromTheNewestHeadsAlone() {
    acme.ask("helpdesk");
    server.server(0).buildEpoch();
    var now = proven(acme, "", 0).head();
    server.execute("alter table epoch_change rename to epoch_changed");
    try {
      server.execute("create table epoch_change (like epoch_changed)");
      server.startAnother();
      var path = "/v1/tenants/acme/epoch";
      var answer = server.call(2, "acme-auditor", "GET", path, "", Map.of());
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      var proof = EpochProof.parse(Json.read(answer.response().body()));
      var checked = proof.check(acme.genesis(), keys(acme), policy(0));
      assertThat(((EpochCheck.Valid) checked).head()).isEqualTo(now);
    } finally {
      server.stopLast();
      server.execute("drop table epoch_change; alter table epoch_changed rename to epoch_change");
    }
  }

  @Test
  void aWitnessThatIsAwayIsLeftOutAndCatchesUp() {
    server.server(0).buildEpoch();
    second.away = true;
    server.server(0).buildEpoch();
    server.server(0).buildEpoch();
    long size = checkpoint().size();
    assertThat(proof(acme, "").check(acme.genesis(), keys(acme), policy(2)))
        .isInstanceOf(EpochCheck.Invalid.class);
    assertThat(proven(acme, "", 1).checkpoint().size()).isEqualTo(size);
    assertThat(proven(acme, "?witnesses=2", 2).checkpoint().size()).isEqualTo(size - 2);
    second.away = false;
    server.server(0).buildEpoch();
    assertThat(proven(acme, "", 2).checkpoint().size()).isEqualTo(size + 1);
  }

  @Test
  void anybodyReadsTheEpochLogAndOnlyTheTenantItsHead() {
    server.server(0).buildEpoch();
    var entries = server.get("nobody", "/epochs/tile/entries/000.p/1");
    assertThat(entries.status()).isEqualTo(200);
    var bytes = entries.response().body();
    var text = new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
    assertThat(EpochStatement.parse(text).epoch()).isZero();
    assertThat(server.get("nobody", "/epochs/tile/0/000.p/1").response().body()).hasSize(32);
    assertThat(server.get("nobody", "/epochs/tile/0/009.p/1").status()).isEqualTo(404);
    for (var profile : List.of("globex-auditor", "engineer", "operator")) {
      assertThat(server.get(profile, "/v1/tenants/acme/epoch").status()).isEqualTo(404);
    }
    assertThat(server.get("gw-1", "/v1/tenants/acme/epoch").status()).isEqualTo(200);
    assertThat(server.get("acme-auditor", "/v1/tenants/acme/epoch?epoch=99999").status())
        .isEqualTo(404);
    assertThat(server.get("acme-auditor", "/v1/tenants/acme/epoch?witnesses=3").status())
        .isEqualTo(404);
  }
}
