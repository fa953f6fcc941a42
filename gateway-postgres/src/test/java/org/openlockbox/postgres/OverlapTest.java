package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;

/// What the database does while a statement's record is still on its way to the log: it runs what
/// only reads, and has not heard of what may write.
class OverlapTest {
  private static final int CLIENTS = 16;
  private static final String READ = "select 'shared'";

  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void close() {
    fixture.controlPlane.appends(Appends.WORK);
    fixture.close();
  }

  /// Whether this is the newest statement that a session's backend has been sent.
  private static boolean reached(String sql) {
    return GatewayFixture.DATABASE.count(
            "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and query = $$"
                + sql
                + "$$")
        == 1;
  }

  /// Has run to its end, and its backend has nothing else to do.
  private static boolean hasRun(String sql) {
    return run(sql) == 1;
  }

  /// In how many sessions it has.
  private static long run(String sql) {
    return GatewayFixture.DATABASE.count(
        "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%'"
            + " and state = 'idle' and query = $$"
            + sql
            + "$$");
  }

  @Test
  void aReadRunsWhileItsRecordIsNotDurableAndItsResultWaits() throws Exception {
    String read = "select name from customers where id = 1008";
    try (Connection session = fixture.connect(fixture.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      GatewayFixture.await(fixture.controlPlane::isSettled);
      fixture.controlPlane.appends(Appends.NOT_APPLIED);
      var held = threads.submit(() -> answer(session, read));
      GatewayFixture.await(() -> hasRun(read));
      assertThat(fixture.controlPlane.statements()).doesNotContain(read);
      assertThat(held.isDone()).isFalse();
      fixture.controlPlane.appends(Appends.WORK);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("Customer 1008");
      assertThat(fixture.controlPlane.statements()).contains(read);
    }
  }

  /// The level counts and not the statement: what reads may call what writes.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "update customers set name = name where id = 1010 returning id",
        "select id from customers where id = 1010"
      })
  void atTheWriteLevelTheDatabaseHearsOfNothingBeforeItsRecordIsDurable(String sql)
      throws Exception {
    try (Connection session = fixture.connect(fixture.approved(Level.WRITE));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(answer(session, "select 'before'")).isEqualTo("before");
      GatewayFixture.await(fixture.controlPlane::isSettled);
      fixture.controlPlane.appends(Appends.NOT_APPLIED);
      int before = fixture.controlPlane.appendCalls();
      var held = threads.submit(() -> answer(session, sql));
      GatewayFixture.await(() -> fixture.controlPlane.appendCalls() >= before + 3);
      assertThat(reached(sql)).isFalse();
      assertThat(reached("select 'before'")).isTrue();
      fixture.controlPlane.appends(Appends.WORK);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("1010");
      assertThat(reached(sql)).isTrue();
    }
  }

  /// What comes while one call to the log is under way goes with the next, all of it.
  @Test
  void statementsOfManySessionsShareTheCallsToASlowLog() throws Exception {
    List<Connection> sessions = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < CLIENTS; client++) {
        sessions.add(fixture.connect(fixture.approved(Level.READ)));
      }
      GatewayFixture.await(fixture.controlPlane::isSettled);
      fixture.controlPlane.appends(Appends.NOT_APPLIED);
      List<Future<?>> clients = new ArrayList<>();
      for (Connection session : sessions) {
        clients.add(threads.submit(() -> reads(session)));
      }
      GatewayFixture.await(() -> run(READ) == CLIENTS);
      int before = fixture.controlPlane.callsWithStatements();
      fixture.controlPlane.appends(Appends.WORK);
      for (Future<?> client : clients) {
        client.get(1, TimeUnit.MINUTES);
      }
      assertThat(fixture.controlPlane.callsWithStatements() - before).isBetween(1, 2);
    } finally {
      for (Connection session : sessions) {
        session.close();
      }
    }
    assertThat(fixture.controlPlane.statements()).filteredOn(READ::equals).hasSize(CLIENTS);
  }

  private static void reads(Connection session) {
    assertThat(answer(session, READ)).isEqualTo("shared");
  }
}
