package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
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
import org.openlockbox.server.TestCluster;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// No commit of the control plane's database returns for a while: its disk is slow. Leases are
/// renewed nevertheless, and nothing is lost. Where a standby does not answer there are none
/// ([IsolatedPrimaryTest]).
final class HangingCommitTest {
  private static final String HANGING = "wait_event = 'advisory'";
  private static final String APPEND_HANGING =
      HANGING + " and pid in (select pid from pg_locks where relation = 'log_batch'::regclass)";

  /// Commits that wait for the disk wait until nobody holds the lock.
  private static final String SLOW_DISK =
      """
      create function slow() returns trigger language plpgsql set lock_timeout = 0 as $$
      begin
        if current_setting('synchronous_commit') <> 'off' then
          perform pg_advisory_xact_lock_shared(1);
        end if;
        return null;
      end $$;
      create constraint trigger slow after insert or update on log_batch
        deferrable initially deferred for each row execute function slow();
      create constraint trigger slow after insert or update on token
        deferrable initially deferred for each row execute function slow();
      create constraint trigger slow after insert or update on gateway_boot
        deferrable initially deferred for each row execute function slow()
      """;

  private static final TestCluster CLUSTER = TestCluster.ofVersion(18);
  private static final TestServer SERVER;
  private static final TestTenant ACME;

  static {
    CLUSTER.execute("alter role postgres set synchronous_commit = on");
    SERVER = new TestServer(CLUSTER, "hanging");
    ACME = new TestTenant(SERVER, "acme", 1);
    SERVER.execute(SLOW_DISK);
  }

  private final ExecutorService crew = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void goesOn() {
    crew.close();
  }

  @AfterAll
  static void close() {
    SERVER.close();
    CLUSTER.close();
  }

  /// While it is open, no commit returns.
  private static Connection hang() throws SQLException {
    var disk = DriverManager.getConnection(SERVER.jdbcUrl);
    try (var statement = disk.createStatement()) {
      statement.execute("select pg_advisory_lock(1)");
    }
    return disk;
  }

  @Test
  void leasesAreRenewedAndEverythingElseIsThereAfterwards() throws Exception {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approve(ACME.ask("helpdesk"));
    var session = gateway.open(ACME, request);
    var text = TestGateway.sql("select 1");
    var statement = gateway.entry(ACME, TestGateway.statement(session, 0, text), text);
    int size = ACME.verifiedLog().size();
    var disk = hang();
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
    awaitBackends(HANGING, 9); // all connections but those of the leases
    for (int n = 0; n < 3; n++) {
      SERVER.pass(Duration.ofSeconds(6));
      assertThat(crew.submit(() -> gateway.lease()).get(30, TimeUnit.SECONDS).status())
          .isEqualTo(200);
    }
    assertThat(appended.isDone()).isFalse();
    disk.close();
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
