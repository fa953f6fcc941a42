package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.testing.Answers;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What an expert session learns of sessions beside it, of processes, of large objects, and of the
/// rows that the fence takes away. The database would answer each of these.
class OthersSessionsTest {
  private static final Target.Gateway GATEWAY = new Target.Gateway();

  @AfterAll
  static void nothingIsLeft() {
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private static void refuses(Connection session, String sql, String why) throws SQLException {
    try (var statement = session.createStatement()) {
      assertThatThrownBy(() -> statement.execute(sql))
          .as(sql)
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42501");
                assertThat(e.getMessage()).contains(why);
              });
    }
  }

  @Test
  void noneTellsTheLevelOfAnother() throws SQLException {
    try (Connection other = GATEWAY.connect(Level.MASKED);
        Connection session = GATEWAY.connect(Level.READ)) {
      String name = Answers.last(other, "select current_user");
      String number = Answers.last(other, "select current_user::regrole::oid");
      for (String call :
          List.of(
              "pg_has_role(%s, 'lb_level_masked', 'usage')".formatted(number),
              "pg_has_role('%s', 'lb_level_masked', 'usage')".formatted(name),
              "helpdesk.pg_catalog.pg_has_role(%s, 'lb_level_masked', 'usage')".formatted(number),
              "has_schema_privilege(%s, 'lb_read', 'usage')".formatted(number),
              "has_column_privilege(%s, 'lb_read.customers', 'email', 'select')"
                  .formatted(number))) {
        refuses(session, "select " + call, "another role's rights");
        refuses(session, "select * from " + call + " as x", "another role's rights");
        refuses(session, "select 1 where " + call, "another role's rights");
      }
      String itself =
          "select pg_has_role(current_user, 'lb_level_read', 'usage')"
              + " and has_schema_privilege(session_user, 'lb_read', 'usage')"
              + " and has_column_privilege('lb_read.customers', 'email', 'select')";
      assertThat(Answers.last(session, itself)).isEqualTo("t");
      assertThat(Answers.last(session, "select count(*) > 9 from information_schema.columns"))
          .isEqualTo("t");
      assertThat(Answers.last(session, "select count(*) from information_schema.enabled_roles"))
          .isNotEqualTo("0");
    }
  }

  @Test
  void noneTellsWhichProcessesAndLargeObjectsThereAre() throws SQLException {
    try (Connection session = GATEWAY.connect(Level.READ)) {
      Answers.last(session, "set session characteristics as transaction read write");
      for (String sql :
          List.of(
              "select pg_cancel_backend(999999999)",
              "select (999999999).pg_terminate_backend",
              "select n.pg_cancel_backend from generate_series(999999990, 999999999) n",
              "select has_largeobject_privilege(5, 'select')")) {
        refuses(session, sql, "processes or large objects");
      }
      refuses(session, "set transaction snapshot '00000003-00000002-1'", "SNAPSHOT");
      refuses(session, "comment on large object 5 is 'x'", "large object");
      refuses(session, "alter large object 5 owner to current_user", "large object");
      assertThat(Answers.last(session, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void noPlanIsRunToCountAndMeasureRows() throws SQLException {
    try (Connection session = GATEWAY.connect(Level.MASKED)) {
      Answers.last(session, "prepare look as select * from customers order by email");
      for (String sql :
          List.of(
              "explain analyze select * from customers order by email",
              "explain (verbose, analyze 'on') execute look",
              "explain (analyze off, analyze) select * from customers")) {
        refuses(session, sql, "EXPLAIN ANALYZE");
      }
      assertThat(Answers.last(session, "explain (analyze off, costs) execute look"))
          .startsWith("Sort");
    }
  }

  /// Of a lock that another holds, the database would tell whose process and transaction it is, and
  /// where the row lies: its place tells how many rows all customers have written before.
  @Test
  void noErrorTellsWhoIsInTheWayAndWhereRowsLie() throws Exception {
    try (Connection one = GATEWAY.connect(Level.WRITE);
        Connection two = GATEWAY.connect(Level.WRITE);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String first = "select 1 from tickets where id = (select min(id) from tickets) for update";
      String last = first.replace("min", "max");
      Answers.last(one, "begin; " + first);
      Answers.last(two, "begin; " + last);
      var waiting = threads.submit(() -> failure(one, last));
      var ofTwo = failure(two, first);
      var deadlock = Stream.of(waiting.get(), ofTwo).flatMap(Optional::stream).findFirst();
      tellsNothing(deadlock.orElseThrow(), "40P01");

      String line =
          "begin; insert into invoice_lines (invoice_id, position, text, quantity, unit_price)"
              + " select min(id), 999, 'x', 1, 1 from invoices";
      Answers.last(one, "rollback; " + line);
      Answers.last(two, "rollback; set lock_timeout = '100ms'");
      tellsNothing(failure(two, line).orElseThrow(), "55P03");
    }
  }

  /// What a server logs of a wait comes to whoever asks for it, too.
  @Test
  void noMessageForTheLogTellsWhoIsInTheWay() throws Exception {
    String logs = "alter database helpdesk %s log_lock_waits";
    try (Connection superuser = Target.HELPDESK.superuser("helpdesk")) {
      Answers.last(superuser, logs.formatted("set") + " = on");
      try (Connection one = GATEWAY.connect(Level.WRITE);
          Connection two = GATEWAY.connect(Level.WRITE);
          var statement = two.createStatement()) {
        String locks = "select 1 from tickets where id = (select min(id) from tickets) for update";
        Answers.last(one, "begin; " + locks);
        statement.execute("set client_min_messages = log; set lock_timeout = '2s'");
        assertThatThrownBy(() -> statement.execute(locks)).hasMessageContaining("lock timeout");
        assertThat(statement.getWarnings().getMessage()).contains("server's log");
        for (SQLWarning told = statement.getWarnings();
            told != null;
            told = told.getNextWarning()) {
          assertThat(told.toString()).doesNotContainPattern("[0-9]{4}");
        }
      } finally {
        Answers.last(superuser, logs.formatted("reset"));
      }
    }
  }

  private static void tellsNothing(ServerErrorMessage error, String sqlState) {
    assertThat(error.getSQLState()).isEqualTo(sqlState);
    assertThat(error.toString()).doesNotContainPattern("[0-9]{4}|\\(\\d+,\\d+\\)");
  }

  private static Optional<ServerErrorMessage> failure(Connection session, String sql)
      throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
      return Optional.empty();
    } catch (PSQLException e) {
      return Optional.ofNullable(e.getServerErrorMessage());
    }
  }
}
