package org.openlockbox.postgres.end;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// Statements that were recorded and sent to the database before the end, and that it had not begun
/// with.
class PipelinedWritesTest {
  private static final int SENT = 30;
  private static final String SLOW =
      "update customers set name = name || '+' where id = 1006 returning pg_sleep(0.2)";

  /// A role that could not be removed at once is tried again every ten seconds.
  private static final Duration REMOVED_WITHIN = Duration.ofSeconds(40);

  private final GatewayFixture fixture = new GatewayFixture();

  @BeforeEach
  void reset() throws Exception {
    superuser("update customers set name = 'Customer 1006' where id = 1006");
  }

  @AfterEach
  void close() throws Exception {
    fixture.controlPlane.leaseDown(false);
    GatewayFixture.await(REMOVED_WITHIN, () -> GatewayFixture.sessionRoles() == 0);
    fixture.close();
    reset();
  }

  private static void superuser(String sql) throws Exception {
    try (Connection superuser = GatewayFixture.DATABASE.superuser()) {
      assertThat(GatewayFixture.answer(superuser, sql)).doesNotStartWith("refused");
    }
  }

  /// How many of them have been committed.
  private static long run() {
    return GatewayFixture.DATABASE.count(
        "select length(name) - length('Customer 1006') from customers where id = 1006");
  }

  private static boolean nobodyIsIn() {
    return GatewayFixture.DATABASE.count(
            "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%'")
        == 0;
  }

  private void pipeline(Connection connection) throws Exception {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < SENT; i++) {
      all.writeBytes(Wire.query(SLOW));
    }
    Wire.of(connection).write(all.toByteArray());
    Wire.of(connection).flush();
    GatewayFixture.await(
        () -> fixture.controlPlane.statements().stream().filter(SLOW::equals).count() == SENT);
    GatewayFixture.await(() -> run() > 0);
  }

  /// The gateway's own way to the database is shut meanwhile, so that it terminates nobody there.
  @Test
  void ofARevokedAccessNoneRunsBehindTheOneThatRuns() throws Exception {
    var access = fixture.approved(Level.WRITE);
    Connection connection = fixture.connect(access);
    try (Connection busy = GatewayFixture.DATABASE.superuser()) {
      pipeline(connection);
      busy.setAutoCommit(false);
      GatewayFixture.answer(busy, "lock table lb.binding in share row exclusive mode");
      fixture.controlPlane.end(access.asked().submission().id());
      GatewayFixture.await(PipelinedWritesTest::nobodyIsIn);
      assertThat(run()).isLessThan(SENT);
      busy.rollback();
    }
    connection.abort(Runnable::run);
  }

  @Test
  void ofAGatewayThatIsCutOffNoneRunsBehindTheOneThatRuns() throws Exception {
    Connection connection = fixture.connect(fixture.approved(Level.WRITE));
    pipeline(connection);
    fixture.controlPlane.leaseDown(true);
    GatewayFixture.await(PipelinedWritesTest::nobodyIsIn);
    assertThat(run()).isLessThan(SENT);
    GatewayFixture.await(() -> fixture.controlPlane.reasons().contains("lease-lapsed"));
    connection.abort(Runnable::run);
  }

  @Test
  void ofOneQueryWithSeveralStatementsNoneRunsBehindTheOneThatRuns() throws Exception {
    Connection connection = fixture.connect(fixture.approved(Level.WRITE));
    String several = String.join(";", Collections.nCopies(SENT, SLOW));
    Wire.of(connection).write(Wire.query(several));
    Wire.of(connection).flush();
    GatewayFixture.await(PipelinedWritesTest::isSlow);
    fixture.controlPlane.leaseDown(true);
    GatewayFixture.await(PipelinedWritesTest::nobodyIsIn);
    assertThat(run()).isZero();
    GatewayFixture.await(() -> fixture.controlPlane.reasons().contains("lease-lapsed"));
    connection.abort(Runnable::run);
  }

  private static boolean isSlow() {
    return GatewayFixture.DATABASE.count(
            "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and wait_event = 'PgSleep'")
        == 1;
  }

  @Test
  void whoseOneStatementRunsIsHeld() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.WRITE));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          threads.submit(() -> GatewayFixture.answer(connection, SLOW.replace("(0.2)", "(5)")));
      GatewayFixture.await(() -> !fixture.controlPlane.statements().isEmpty());
      Await.atLeast(Duration.ofMillis(300)); // it reaches the database
      fixture.slowDown();
      fixture.controlPlane.leaseDown(true);
      fixture.letPass(Duration.ofMillis(1100));
      fixture.controlPlane.leaseDown(false);
      assertThat(running.get(20, TimeUnit.SECONDS)).doesNotStartWith("refused");
      assertThat(run()).isOne();
    }
  }
}
