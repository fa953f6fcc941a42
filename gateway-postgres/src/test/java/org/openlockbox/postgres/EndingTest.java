package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;
import org.openlockbox.gateway.testing.WorkingTime;
import org.postgresql.PGConnection;

class EndingTest {
  private final GatewayFixture fixture = new GatewayFixture(Duration.ofSeconds(2));

  @AfterEach
  void nothingIsLeft() {
    fixture.controlPlane.down(false);
    fixture.controlPlane.leaseDown(false);
    fixture.controlPlane.appends(Appends.WORK);
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private String closingReason() {
    GatewayFixture.await(
        () ->
            fixture.controlPlane.events().stream().anyMatch(SessionEvent.Closed.class::isInstance));
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Closed.class::isInstance)
        .map(SessionEvent.Closed.class::cast)
        .map(SessionEvent.Closed::reason)
        .findFirst()
        .orElseThrow();
  }

  private static long running() {
    return GatewayFixture.DATABASE.count(
        "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and state = 'active'");
  }

  @Test
  void revocationInTheMiddleOfAStatementEndsItWithinASecondAndFetchesNothing() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var statement = threads.submit(() -> answer(connection, "select pg_sleep(60)"));
      GatewayFixture.await(() -> running() == 1);
      int asked = fixture.controlPlane.historyAsked();
      var time = WorkingTime.start();
      fixture.controlPlane.end(access.asked().submission().id());
      assertThat(statement.get(60, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
      assertThat(time.soFar()).isLessThan(Duration.ofSeconds(1));
      assertThat(fixture.controlPlane.historyAsked()).isEqualTo(asked);
    }
    assertThat(closingReason()).isEqualTo("ended");
    GatewayFixture.await(() -> running() == 0);
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @Test
  void whatWasPassedOnOfAResultThatTheEndCutOffIsOnRecord() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access)) {
      takeRows(connection, 1_000);
      fixture.controlPlane.end(access.asked().submission().id());
      assertThat(closingReason()).isEqualTo("ended");
    }
    assertCutOffAfter(1_000, "57P01");
  }

  @Test
  void whatWasPassedOnToAClientThatLeftInTheMiddleIsOnRecord() throws Exception {
    Connection connection = fixture.connect(fixture.approved(Level.READ));
    takeRows(connection, 1_000);
    connection.abort(Runnable::run);
    assertThat(closingReason()).isEqualTo("client-left");
    assertCutOffAfter(1_000, "08006");
  }

  /// Whoever waits for a row that an idle transaction has changed gets it as it was before.
  @Test
  void theEndGivesBackTheLocksOfAnIdleTransaction() throws Exception {
    var access = fixture.approved(Level.WRITE);
    try (Connection holder = fixture.connect(access);
        Connection other = fixture.connect(fixture.approved(Level.WRITE));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      holder.setAutoCommit(false);
      assertThat(answer(holder, "update customers set name = 'held' where id = 1006"))
          .isEqualTo("1 rows");
      var waiting =
          threads.submit(
              () ->
                  answer(other, "update customers set name = name where id = 1006 returning name"));
      GatewayFixture.await(EndingTest::somebodyWaitsForALock);
      var time = WorkingTime.start();
      fixture.controlPlane.end(access.asked().submission().id());
      assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo("Customer 1006");
      assertThat(time.soFar()).isLessThan(Duration.ofSeconds(5));
      assertThat(closingReason()).isEqualTo("ended");
    }
  }

  private static boolean somebodyWaitsForALock() {
    return GatewayFixture.DATABASE.count(
            "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%'"
                + " and state = 'active' and wait_event_type = 'Lock'")
        == 1;
  }

  /// Takes the first rows of a result that is far from its end.
  private static void takeRows(Connection connection, int rows) throws SQLException {
    var copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy (select repeat('x', 1000) from generate_series(1, 1000000)) to stdout");
    for (int row = 0; row < rows; row++) {
      assertThat(copy.readFromCopy()).hasSize(1_001);
    }
  }

  private void assertCutOffAfter(long rows, String sqlState) {
    var events = fixture.controlPlane.events();
    var closed = (SessionEvent.Closed) events.getLast();
    assertThat(closed.units()).isBetween(rows, 999_999L);
    assertThat(events.get(events.size() - 2))
        .isInstanceOfSatisfying(
            SessionEvent.Outcome.class,
            outcome -> {
              assertThat(outcome.n()).isEqualTo(closed.operations() - 1);
              assertThat(outcome.units()).isEqualTo(closed.units());
              assertThat(outcome.bytes()).isGreaterThan(rows * 1_000);
              assertThat(outcome.status().word()).isEqualTo(sqlState);
              assertThat(outcome.result()).hasValue(committed(events, outcome));
            });
  }

  /// What commits to as many rows as the outcome counts.
  private Commitment committed(List<SessionEvent> events, SessionEvent.Outcome outcome) {
    var statement =
        events.stream()
            .filter(event -> event instanceof SessionEvent.Operation s && s.n() == outcome.n())
            .map(SessionEvent.Operation.class::cast)
            .findFirst()
            .orElseThrow();
    String rows = ("x".repeat(1_000) + "\n").repeat((int) outcome.units());
    return fixture.controlPlane.result(statement, Bytes.ofUtf8(rows));
  }

  @Test
  void aFenceThatBreaksUnderASessionEndsItAndNewOnesAreRefused() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access);
        Connection superuser = GatewayFixture.DATABASE.superuser();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var statement = threads.submit(() -> answer(connection, "select pg_sleep(60)"));
      GatewayFixture.await(() -> running() == 1);
      answer(superuser, "grant select on public.customers to lb_level_read");
      try {
        assertThat(statement.get(20, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
        assertThat(closingReason()).isEqualTo("fence-drifted");
        assertThatThrownBy(() -> fixture.connect(access))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("does not stand: grant-too-much");
      } finally {
        answer(superuser, "revoke all on public.customers from lb_level_read");
      }
    }
  }

  @Test
  void aTableThatIsForgottenRefusesNewSessionsAndEndsNone() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access);
        Connection superuser = GatewayFixture.DATABASE.superuser()) {
      answer(superuser, "create table public.scratch (id int)");
      try {
        GatewayFixture.await(() -> refusesForgottenTable(access));
        assertThat(answer(connection, "select 1")).isEqualTo("1");
      } finally {
        answer(superuser, "drop table public.scratch");
      }
    }
  }

  private boolean refusesForgottenTable(GatewayFixture.Access access) {
    try {
      fixture.connect(access).close();
      return false;
    } catch (SQLException e) {
      return String.valueOf(e.getMessage()).contains("does not stand: table-forgotten");
    }
  }

  @Test
  void aStoppedSessionEndsAndTheOthersOfItsRequestGoOn() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection first = fixture.connect(access);
        Connection second = fixture.connect(access)) {
      var opened =
          fixture.controlPlane.events().stream()
              .filter(SessionEvent.Opened.class::isInstance)
              .map(SessionEvent.Opened.class::cast)
              .toList();
      fixture.controlPlane.stop(opened.getFirst().of());
      assertThat(closingReason()).isEqualTo("stopped");
      assertThat(answer(first, "select 1")).startsWith("refused");
      assertThat(answer(second, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void atTheEndOfTheGrantTheRunningStatementEnds() throws Exception {
    var access = fixture.approved(Level.READ, Duration.ofSeconds(3), Limits.UNWRITTEN);
    Instant end =
        access.asked().submission().terms().startIfApprovedAt(Instant.now()).plusSeconds(3);
    try (Connection connection = fixture.connect(access)) {
      Instant asked = Instant.now();
      var time = WorkingTime.start();
      assertThat(answer(connection, "select pg_sleep(60)")).isEqualTo("refused 57P01");
      assertThat(asked.plus(time.soFar())).isBefore(end.plusSeconds(1));
    }
    assertThat(closingReason()).isEqualTo("expired");
    assertThatThrownBy(() -> fixture.connect(access))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void aLeaseThatStaysLapsedEndsTheSession() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      fixture.controlPlane.leaseDown(true);
      assertThat(answer(connection, "select pg_sleep(60)")).isEqualTo("refused 57P01");
    }
    fixture.controlPlane.leaseDown(false);
    assertThat(closingReason()).isEqualTo("lease-lapsed");
  }

  @Test
  void whileTheLogCannotBeWrittenNoRowArrives() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(answer(connection, "select 1")).isEqualTo("1");
      fixture.controlPlane.appends(Appends.NOT_APPLIED);
      var held = threads.submit(() -> answer(connection, "select name from customers"));
      var time = WorkingTime.start();
      assertThatThrownBy(() -> held.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(held.get(60, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
      assertThat(time.soFar()).isLessThan(Duration.ofMillis(5_500));
      assertThat(fixture.controlPlane.statements()).doesNotContain("select name from customers");
    }
    fixture.controlPlane.appends(Appends.WORK);
    assertThat(closingReason()).isEqualTo("log-unavailable");
  }

  @Test
  void atWriteLevelNothingRunsBeforeItsRecordIsDurable() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.WRITE))) {
      assertThat(answer(connection, "select 1")).isEqualTo("1");
      fixture.controlPlane.appends(Appends.NOT_APPLIED);
      assertThat(answer(connection, "update customers set name = 'never' where id = 4"))
          .startsWith("refused");
    }
    assertThat(GatewayFixture.DATABASE.count("select count(*) from customers where name = 'never'"))
        .isZero();
  }

  @Test
  void aRefusedOpeningOpensNothingAndLeavesTheOtherSessionsAlone() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection first = fixture.connect(access)) {
      fixture.controlPlane.appends(Appends.OPENINGS_REFUSED);
      assertThatThrownBy(() -> fixture.connect(access))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("cannot be recorded");
      assertThat(answer(first, "select 1")).isEqualTo("1");
      fixture.controlPlane.appends(Appends.WORK);
      try (Connection second = fixture.connect(access)) {
        assertThat(answer(second, "select 2")).isEqualTo("2");
      }
      assertThat(answer(first, "select 3")).isEqualTo("3");
    }
    GatewayFixture.await(() -> fixture.controlPlane.reasons().size() == 2);
  }

  @Test
  void aRefusedEntryEndsTheSession() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      fixture.controlPlane.appends(Appends.REFUSED);
      assertThat(answer(connection, "select 1")).startsWith("refused");
    }
  }

  @Test
  void aSessionThatIsEndedWhileItOpensLeavesNothing() throws Exception {
    var access = fixture.approved(Level.READ);
    try (var slow = GatewayFixture.DATABASE.superuser();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.setAutoCommit(false);
      answer(slow, "lock table lb.binding in share row exclusive mode");
      var login = threads.submit(() -> fixture.connect(access));
      GatewayFixture.await(() -> !fixture.controlPlane.events().isEmpty());
      var time = WorkingTime.start();
      fixture.controlPlane.end(access.asked().submission().id());
      assertThat(login)
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .withMessageContaining("this access has been ended");
      assertThat(time.soFar()).isLessThan(Duration.ofSeconds(2));
      slow.rollback();
    }
    assertThat(closingReason()).isEqualTo("ended");
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @Test
  void whoIsNotApprovedIsToldWhoIsWaitedForAndNothingIsDialled() {
    var asked = fixture.asked(Level.READ, Duration.ofMinutes(5), Limits.UNWRITTEN);
    var access = fixture.login(asked);
    assertThatThrownBy(() -> fixture.connect(access))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("waiting for acme")
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("28000");
    fixture.tenant.revoke(asked, "ann");
    assertThat(fixture.controlPlane.events()).isEmpty();
  }

  @Test
  void aRevokedRequestAWrongKeyAndAForeignStatementStayOut() {
    var access = fixture.approved(Level.READ);
    fixture.tenant.revoke(access.asked(), "bob");
    assertThatThrownBy(() -> fixture.connect(access)).hasMessageContaining("revoked");
    var forged = fixture.asked(Level.READ, Duration.ofMinutes(5), Limits.UNWRITTEN);
    fixture.tenant.decide(
        fixture
            .tenant
            .decision(
                forged,
                "ann",
                Optional.of(
                    Allowance.asAsked(forged.submission(), fixture.tenant.clock().instant())))
            .unsigned()
            .signedBy(fixture.tenant.key("mallory")));
    var login = fixture.login(forged);
    assertThatThrownBy(() -> fixture.connect(login)).hasMessageContaining("proof of approval");
    assertThat(fixture.controlPlane.events()).isEmpty();
  }

  @Test
  void whenTheControlPlaneIsAwayNobodyGetsIn() {
    var access = fixture.approved(Level.READ);
    fixture.controlPlane.down(true);
    assertThatThrownBy(() -> fixture.connect(access))
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("57P03");
  }
}
