package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.TestServer.Answer;

/// No commit of the control plane's database returns for a while: its disk, or the standby that it
/// waits for, is slow. Leases are renewed nevertheless, and nothing is lost.
final class HangingCommitTest {
  private static final String HANGING = "wait_event = 'SyncRep'";
  private static final String APPEND_HANGING =
      HANGING + " and pid in (select pid from pg_locks where relation = 'log_batch'::regclass)";
  private static final TestCluster CLUSTER = TestCluster.ofVersion(18);
  private static final TestServer SERVER;
  private static final TestTenant ACME;

  static {
    CLUSTER.execute("alter role postgres set synchronous_commit = on");
    SERVER = new TestServer(CLUSTER, "hanging");
    ACME = new TestTenant(SERVER, "acme", 1);
  }

  private final ExecutorService crew = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void goesOn() {
    hang(false);
    crew.close();
  }

  @AfterAll
  static void close() {
    SERVER.close();
    CLUSTER.close();
  }

  /// Commits wait for a standby that does not exist.
  private static void hang(boolean hang) {
    CLUSTER.execute(
        "alter system set synchronous_standby_names = '%s'".formatted(hang ? "nobody" : ""));
    reload();
  }

  private static void reload() {
    CLUSTER.execute("select pg_reload_conf()");
  }

  /// The database's processes hear of the setting in their own time: commits are tried until one
  /// hangs.
  private void awaitHang() throws SQLException {
    while (true) {
      var probe = crew.submit(() -> CLUSTER.execute("create sequence probe; drop sequence probe"));
      while (!probe.isDone()) {
        if (backends(HANGING) > 0) {
          return;
        }
      }
    }
  }

  @Test
  void leasesAreRenewedAndEverythingElseIsThereAfterwards() throws Exception {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approve(ACME.ask("helpdesk"));
    var session = gateway.open(ACME, request);
    var text = TestGateway.sql("select 1");
    var statement = gateway.entry(ACME, TestGateway.statement(session, 0, text), text);
    int size = ACME.verifiedLog().size();
    hang(true);
    awaitHang();
    var appended = crew.submit(() -> gateway.append(statement));
    awaitBackends(APPEND_HANGING, 1); // those below take what connections there are
    var asked = new ArrayList<Future<Answer>>();
    var token =
        Json.object()
            .put("subject", "eli")
            .putTexts("roles", List.of("engineer"))
            .put("validFor", Duration.ofDays(1))
            .build();
    for (int n = 0; n < 10; n++) {
      asked.add(crew.submit(() -> SERVER.post("operator", "/v1/tokens", token)));
    }
    awaitBackends(HANGING, 10);
    for (int n = 0; n < 3; n++) {
      SERVER.pass(Duration.ofSeconds(6));
      assertThat(crew.submit(() -> gateway.lease()).get(30, TimeUnit.SECONDS).status())
          .isEqualTo(200);
    }
    assertThat(appended.isDone()).isFalse();
    hang(false);
    assertThat(TestGateway.indices(appended.get(30, TimeUnit.SECONDS)))
        .containsExactly((long) size);
    for (var answer : asked) {
      assertThat(answer.get(30, TimeUnit.SECONDS).status()).isIn(201, 503);
    }
    ACME.verifiedLog();
  }

  /// An opening holds its boot's row until it is committed.
  @Test
  void anOpeningHoldsUpWhoDeclaresItsBootGoneAndNotItsRenewal() throws Exception {
    var gateway = TestGateway.leased(SERVER);
    try (var connection = DriverManager.getConnection(SERVER.jdbcUrl);
        var opening = connection.createStatement()) {
      connection.setAutoCommit(false);
      opening.execute(
          "select from gateway_boot where boot = '%s' for key share".formatted(gateway.boot));
      SERVER.pass(Duration.ofSeconds(6));
      assertThat(crew.submit(() -> gateway.lease()).get(30, TimeUnit.SECONDS).status())
          .isEqualTo(200);
      var next = TestGateway.unleased(SERVER);
      var begun = crew.submit(() -> next.lease());
      awaitBackends("wait_event_type = 'Lock' and query like '%superseded%'", 1);
      connection.rollback();
      assertThat(begun.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(gateway.lease().code()).isEqualTo("superseded");
    }
  }

  private static void awaitBackends(String which, int count) throws SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (backends(which) < count) {
      assertThat(System.nanoTime()).as(which).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static int backends(String which) throws SQLException {
    try (var connection = DriverManager.getConnection(SERVER.jdbcUrl);
        var statement = connection.createStatement()) {
      var rows = statement.executeQuery("select count(*) from pg_stat_activity where " + which);
      rows.next();
      return rows.getInt(1);
    }
  }
}
