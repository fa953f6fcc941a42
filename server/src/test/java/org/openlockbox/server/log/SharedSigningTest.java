package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.server.CutLine;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestCluster;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.log.memory.S3Store;
import org.openlockbox.server.log.memory.SigningMemory;

/// Servers without anything on their own disk: what they signed is remembered where all of them
/// look.
final class SharedSigningTest {
  private static final AtomicInteger MADE = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestCluster cluster;
  private static S3Store store;

  enum Kind {
    TABLE,
    BUCKET;

    private SigningMemory.SharedPlace fresh(int port) {
      int n = MADE.incrementAndGet();
      if (this == BUCKET) {
        return store.bucket(port, "servers" + n + "/");
      }
      cluster.execute("create database memory" + n);
      return new SigningMemory.Table(
          cluster.url("memory" + n).replaceFirst(":[0-9]+/", ":" + port + "/"),
          "postgres",
          () -> "postgres");
    }

    private int port() {
      return this == TABLE ? cluster.port() : store.port();
    }
  }

  @BeforeAll
  static void start() {
    cluster = TestCluster.another();
    store =
        new S3Store(directory, Duration.ofDays(20_000)); // these servers have a clock of their own
  }

  @AfterAll
  static void stop() {
    store.close();
    cluster.close();
  }

  private static Answer ask(TestServer server, TestTenant tenant, int at) {
    var wish = CanonicalJson.text(tenant.wish("helpdesk"));
    return server.call(at, "engineer", "POST", tenant.requests(), wish, Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void aFreshServerNeedsNoHandAndHoldsTheDatabaseToWhatOthersSigned(Kind kind) {
    var memory = kind.fresh(kind.port());
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(memory);
      var acme = new TestTenant(server, "acme", 1);
      server.stopLast();
      server.dump("older_" + MADE.get());
      server.startOver(memory);
      server.startOver(memory);
      assertThat(ask(server, acme, 0).status()).isEqualTo(201);
      assertThat(ask(server, acme, 1).status()).isEqualTo(201);
      var signed = acme.checkpoint(acme.verifiedLog().size());
      server.stopLast();
      server.stopLast();

      server.restore("older_" + MADE.get());
      server.startOver(memory);
      var refused = ask(server, acme, 0);
      assertThat(refused.code()).isEqualTo("log_rolled_back");
      assertThat(refused.json().text("detail")).contains(String.valueOf(signed.size()));
      oneRecoveryIsEnough(server, memory, acme, signed.size());
    }
  }

  private static void oneRecoveryIsEnough(
      TestServer server, SigningMemory memory, TestTenant acme, long signed) {
    server.startOver(memory);
    assertThat(ask(server, acme, 1).code()).isEqualTo("log_rolled_back");
    try (var maintenance = server.maintenance(memory)) {
      assertThat(maintenance.recover(acme.origin, "the disk was lost").lostSize())
          .isEqualTo(signed);
    }
    Pause.until("the first server to go on", () -> ask(server, acme, 0).status() == 201);
    Pause.until("the second server to go on", () -> ask(server, acme, 1).status() == 201);
    assertThat(acme.verifiedLog().stream().filter(it -> it.type() == EntryType.RECOVERY))
        .hasSize(1);
  }

  /// More of them than there are connections to the memory.
  @ParameterizedTest
  @EnumSource
  void manyDecisionsAtTheSameTimeWaitForNobodyInARing(Kind kind) throws Exception {
    try (var server = new TestServer();
        var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      server.stopLast();
      server.startOver(kind.fresh(kind.port()));
      var tenants =
          IntStream.range(0, 12).mapToObj(n -> new TestTenant(server, "t" + n, 1)).toList();
      var asked = new ArrayList<Future<Answer>>();
      for (var tenant : tenants) {
        asked.add(crew.submit(() -> ask(server, tenant, 0)));
        asked.add(crew.submit(() -> ask(server, tenant, 0)));
      }
      for (var each : asked) {
        assertThat(each.get().status()).isEqualTo(201);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyMemoryBesideSignedLogsStartsNobodyUntilAnOperatorSaysSo(Kind kind) {
    var lost = kind.fresh(kind.port());
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      acme.verifiedLog();
      server.stopLast();
      assertThatThrownBy(() -> server.startOver(lost))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("acme", "server.signedHeads", "lockbox remember");
      try (var maintenance = server.maintenance(lost)) {
        assertThat(maintenance.remember()).isEqualTo(1);
      }
      server.startOver(lost);
      server.startOver(lost);
      assertThat(ask(server, acme, 0).status()).isEqualTo(201);
      assertThat(ask(server, acme, 1).status()).isEqualTo(201);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnAnswerOfTheMemoryAccessEndsAndNoneBegins(Kind kind) throws Exception {
    try (var line = new CutLine(kind.port(), "never");
        var server = new TestServer()) {
      server.stopLast();
      server.startOver(kind.fresh(line.port()));
      var acme = new TestTenant(server, "acme", 1);
      var first = acme.approved();
      var waiting = acme.ask("helpdesk");
      var second = acme.approved();

      line.down();
      assertThat(acme.approve(waiting).code()).isEqualTo("cannot_sign");
      assertThat(ask(server, acme, 0).code()).isEqualTo("cannot_sign");
      var revoked = acme.revoke(acme.show(first));
      assertThat(revoked.status()).as(revoked.toString()).isEqualTo(200);
      assertThat(revoked.json().has("checkpointFollows")).isTrue();

      line.up();
      Pause.until("signing goes on", () -> acme.approve(waiting).status() == 200);
      line.hang();
      assertThat(acme.revoke(acme.show(second)).status()).isEqualTo(200);
      assertThat(new TestGateway(server, 0, "gw-1", "00000000000000a1").lease().status())
          .isEqualTo(200);
      line.up();
      Pause.until("signing goes on", () -> ask(server, acme, 0).status() == 201);
      acme.verifiedLog();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerWhoseMemoryDoesNotAnswerDoesNotStart(Kind kind) throws Exception {
    try (var line = new CutLine(kind.port(), "never");
        var server = new TestServer()) {
      var memory = kind.fresh(line.port());
      line.down();
      assertThatThrownBy(() -> server.startOver(memory))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("none starts without it");
    }
  }
}
