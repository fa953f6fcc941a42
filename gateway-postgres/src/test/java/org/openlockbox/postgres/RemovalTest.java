package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;

/// What is left of sessions in the database when they have ended: nothing.
class RemovalTest {
  private static final int SESSIONS = 40;
  private static final String CUT_OFF_TRIES =
      """
      with trying as materialized (
        select pid from pg_stat_activity
        where query like 'select lb.close_session(%' and wait_event_type = 'Lock')
      select count(pg_terminate_backend(pid)) from trying
      """;

  private final GatewayFixture fixture = new GatewayFixture(Duration.ofSeconds(2));
  private final List<Connection> open = new ArrayList<>();

  /// Four roles are removed at a time, each in a second: more than the eight seconds within which
  /// the next one has to go.
  @Test
  void aStoppingGatewayRemovesEveryRoleHoweverManyTheyAre() throws Exception {
    try (var superuser = GatewayFixture.DATABASE.superuser()) {
      connect();
      answer(
          superuser,
          """
          create function public.slow() returns trigger language plpgsql security definer
          as 'begin perform pg_sleep(1); return old; end'
          """);
      answer(
          superuser,
          "create trigger slow before delete on lb.binding for each row execute function slow()");
      try {
        fixture.close();
      } finally {
        answer(superuser, "drop function public.slow() cascade");
      }
    } finally {
      for (Connection each : open) {
        each.abort(Runnable::run);
      }
    }
    assertThat(GatewayFixture.sessionRoles()).isZero();
    assertThat(fixture.controlPlane.events())
        .filteredOn(SessionEvent.Closed.class::isInstance)
        .hasSize(SESSIONS);
  }

  /// PostgreSQL does not heed its termination while it sends an error.
  @Test
  void aBackendWhoseErrorNobodyTakesGoesToo() throws Exception {
    var access = fixture.approved(Level.READ);
    open.add(fixture.connect(access));
    byte[] asked = Wire.query("select cast(repeat('x', 1000000) as integer)");
    for (int i = 0; i < 20; i++) {
      Wire.of(open.getFirst()).write(asked);
    }
    GatewayFixture.await(RemovalTest::sends);
    fixture.controlPlane.end(access.asked().submission().id());
    GatewayFixture.await(() -> GatewayFixture.sessionRoles() == 0);
    open.getFirst().abort(Runnable::run);
    fixture.close();
  }

  @Test
  void aRoleThatCannotBeRemovedIsOnRecordOnceAndTriedUntilItIsGone() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access);
        var superuser = GatewayFixture.DATABASE.superuser()) {
      closeFails(superuser);
      try {
        fixture.controlPlane.end(access.asked().submission().id());
        awaitTries(4);
        assertThat(answer(connection, "select 1")).startsWith("refused");
        assertThat(has(SessionEvent.RemovalFailed.class)).isFalse();
        fixture.pass(Duration.ofSeconds(30));
        GatewayFixture.await(() -> has(SessionEvent.RemovalFailed.class));
        assertThat(has(SessionEvent.Closed.class)).isFalse();
        awaitTries(6);
        assertThat(GatewayFixture.sessionRoles()).isEqualTo(1);
      } finally {
        closeWorks(superuser);
      }
    }
    GatewayFixture.await(() -> has(SessionEvent.Closed.class));
    fixture.close();
    assertThat(fixture.controlPlane.events())
        .anyMatch(e -> e instanceof SessionEvent.Closed closed && closed.released())
        .filteredOn(SessionEvent.RemovalFailed.class::isInstance)
        .singleElement()
        .extracting(failed -> ((SessionEvent.RemovalFailed) failed).why())
        .asString()
        .matches(
            "the database role lb_s_[0-9a-f]{32} is still there: a backend of it has not ended");
  }

  /// As when the database goes away and another takes over.
  @Test
  void aRoleThatCannotBeRemovedForLessThanThirtySecondsAlarmsNobody() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access);
        var superuser = GatewayFixture.DATABASE.superuser()) {
      closeFails(superuser);
      try {
        fixture.controlPlane.end(access.asked().submission().id());
        awaitTries(4);
        assertThat(answer(connection, "select 1")).startsWith("refused");
        fixture.pass(Duration.ofSeconds(20));
        awaitTries(6);
      } finally {
        closeWorks(superuser);
      }
    }
    GatewayFixture.await(() -> has(SessionEvent.Closed.class));
    fixture.close();
    assertThat(has(SessionEvent.RemovalFailed.class)).isFalse();
    assertThat(fixture.controlPlane.events())
        .anyMatch(e -> e instanceof SessionEvent.Closed closed && closed.released());
  }

  @Test
  void whoHasLeftFourStatementsThatDoNotStopOpensNoMoreSessions() throws Exception {
    var access = fixture.approved(Level.READ);
    for (int i = 0; i < 4; i++) {
      open.add(fixture.connect(access));
    }
    List<String> backends = backends();
    assertThat(backends).hasSize(4);
    signal("STOP", backends);
    try {
      for (Connection each : open) {
        each.close();
      }
      GatewayFixture.await(
          Duration.ofSeconds(30), () -> refusal(access).contains("still run in the database"));
      assertThat(refusal(fixture.approved(Level.READ))).isEmpty();
      stayWhereTriesAreCutOff(access);
    } finally {
      signal("CONT", backends);
    }
    GatewayFixture.await(Duration.ofSeconds(30), () -> refusal(access).isEmpty());
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  /// Tries that fail before they could look at the backends say nothing of them. Of 20 connections
  /// that four sessions lose one loses the five that make up a try.
  private void stayWhereTriesAreCutOff(GatewayFixture.Access access) throws SQLException {
    try (var superuser = GatewayFixture.DATABASE.superuser();
        var locking = GatewayFixture.DATABASE.superuser()) {
      locking.setAutoCommit(false);
      answer(locking, "lock table lb.binding in share row exclusive mode");
      var cutOff = new AtomicInteger();
      GatewayFixture.await(
          Duration.ofSeconds(30),
          () -> cutOff.addAndGet(Integer.parseInt(answer(superuser, CUT_OFF_TRIES))) >= 20);
      assertThat(refusal(access)).contains("still run in the database");
      locking.rollback();
    }
  }

  private static List<String> backends() throws SQLException {
    try (var superuser = GatewayFixture.DATABASE.superuser()) {
      String all =
          answer(
              superuser,
              "select string_agg(pid::text, ' ') from pg_stat_activity where usename like 'lb\\_s\\_%'");
      return List.of(all.split(" ", -1));
    }
  }

  private static void signal(String name, List<String> processes) throws Exception {
    var kill = new ArrayList<>(List.of("kill", "-" + name));
    kill.addAll(processes);
    assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).isZero();
  }

  /// What a login is told; empty if it gets in, and leaves again.
  private String refusal(GatewayFixture.Access access) {
    try {
      fixture.connect(access).close();
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// From here on no role can be removed, and each try is counted.
  private static void closeFails(Connection superuser) {
    assertThat(answer(superuser, "create sequence lb.tries")).isEqualTo("0 rows");
    assertThat(answer(superuser, "alter function lb.close_session(text) rename to close_later"))
        .isEqualTo("0 rows");
    assertThat(
            answer(
                superuser,
                """
                create function lb.close_session(role text) returns boolean
                language plpgsql security definer
                as 'begin perform nextval(''lb.tries''); return false; end'
                """))
        .isEqualTo("0 rows");
    assertThat(answer(superuser, "grant execute on function lb.close_session(text) to public"))
        .isEqualTo("0 rows");
  }

  private static void closeWorks(Connection superuser) {
    answer(superuser, "drop function lb.close_session(text)");
    answer(superuser, "alter function lb.close_later(text) rename to close_session");
    answer(superuser, "drop sequence lb.tries");
  }

  private static void awaitTries(int tries) {
    GatewayFixture.await(
        () -> GatewayFixture.DATABASE.count("select last_value from lb.tries") >= tries);
  }

  private boolean has(Class<? extends SessionEvent> type) {
    return fixture.controlPlane.events().stream().anyMatch(type::isInstance);
  }

  private static boolean sends() {
    return GatewayFixture.DATABASE.count(
            "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and wait_event = 'ClientWrite'")
        == 1;
  }

  private void connect() throws Exception {
    var access = fixture.approved(Level.READ);
    for (int i = 0; i < SESSIONS; i++) {
      open.add(fixture.connect(access));
    }
  }
}
