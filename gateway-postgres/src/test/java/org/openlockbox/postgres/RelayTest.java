package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.postgresql.PGConnection;

class RelayTest {
  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void everythingIsOnRecordAndNothingIsLeft() {
    fixture.close();
    long opened = count(SessionEvent.Opened.class);
    assertThat(count(SessionEvent.Closed.class)).isEqualTo(opened);
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private long count(Class<? extends SessionEvent> type) {
    return fixture.controlPlane.events().stream().filter(type::isInstance).count();
  }

  @Test
  void anExtendedQueryReturnsTheTenantsRowsMaskedAndIsRecorded() throws SQLException {
    try (Connection connection = fixture.connect(fixture.approved(Level.MASKED))) {
      assertThat(answer(connection, "select count(*) from customers")).isEqualTo("10000");
      assertThat(answer(connection, "select email from customers order by id"))
          .isNotEqualTo("c2@example.com");
      assertThat(connection.getWarnings().getMessage()).contains("every statement is recorded");
    }
    assertThat(fixture.controlPlane.statements())
        .contains("select count(*) from customers", "select email from customers order by id");
  }

  @Test
  void aSimpleQueryIsRecordedWhole() throws SQLException {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access, "&preferQueryMode=simple")) {
      assertThat(answer(connection, "select 1; select 2")).isEqualTo("1");
      assertThat(answer(connection, "select nonsense")).isEqualTo("refused 42703");
      assertThat(answer(connection, "select 3")).isEqualTo("3");
    }
    assertThat(fixture.controlPlane.statements())
        .contains("select 1; select 2", "select nonsense", "select 3");
    assertThat(fixture.controlPlane.events())
        .anyMatch(e -> e instanceof SessionEvent.Outcome o && o.units() == 2)
        .anyMatch(e -> e instanceof SessionEvent.Outcome o && o.status().word().equals("42703"));
  }

  @Test
  void namedStatementsAndCursorsAreRecordedWithTheTextThatRuns() throws SQLException {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access, "&prepareThreshold=1")) {
      connection.setAutoCommit(false);
      try (var statement =
          connection.prepareStatement("select id from customers where id > ? order by id")) {
        statement.setFetchSize(500);
        for (int round = 0; round < 3; round++) {
          statement.setLong(1, round);
          int rows = 0;
          try (var result = statement.executeQuery()) {
            while (result.next() && rows < 1200) {
              rows++;
            }
          }
          assertThat(rows).isEqualTo(1200);
        }
      }
      connection.commit();
    }
    assertThat(fixture.controlPlane.statements())
        .filteredOn(text -> text.startsWith("select id from customers where id >"))
        .hasSizeGreaterThanOrEqualTo(9);
    assertThat(fixture.controlPlane.statements()).noneMatch(text -> text.startsWith("-- "));
  }

  @Test
  void aPipelinedBatchWritesWithinTheTenantAndEachExecutionIsRecorded() throws SQLException {
    try (Connection connection = fixture.connect(fixture.approved(Level.WRITE))) {
      try (var statement =
          connection.prepareStatement("update customers set name = ? where id = ?")) {
        for (int i = 0; i < 50; i++) {
          statement.setString(1, "renamed " + i);
          statement.setLong(2, 2L * i + 2);
          statement.addBatch();
        }
        assertThat(statement.executeBatch()).containsOnly(1);
      }
    }
    assertThat(fixture.controlPlane.statements())
        .filteredOn(text -> text.startsWith("update customers"))
        .hasSize(50);
  }

  @Test
  void theValuesOfAStatementAreRecordedBesideItsText() throws SQLException {
    String sql = "select $1, $2, $3, $4".replace("$1", "?::text").replace("$2", "?::bigint");
    sql = sql.replace("$3", "?::text").replace("$4", "?::bytea");
    try (Connection connection = fixture.connect(fixture.approved(Level.READ));
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, "it's\n-- $1 = 'a lie'");
      statement.setLong(2, 42);
      statement.setNull(3, Types.VARCHAR);
      statement.setBytes(4, new byte[] {1, 2, (byte) 0xff});
      assertThat(statement.executeQuery().next()).isTrue();
      statement.setString(1, "x".repeat(100_000));
      assertThat(statement.executeQuery().next()).isTrue();
    }
    assertThat(fixture.controlPlane.statements())
        .anyMatch(
            text ->
                text.equals(
                    "$1 = 'it\\'s\\u{a}-- $1 = \\'a lie\\'', $2 = 0x000000000000002a, $3 = null, $4"
                        + " = 0x0102ff"))
        .anyMatch(
            text ->
                text.startsWith("$1 = '" + "x".repeat(256) + "'... of 100000 bytes, sha256 ")
                    && text.length() < 1000);
  }

  @Test
  void aPortalThatIsExecutedLaterIsRecordedWithTheValuesItWasBoundTo() throws SQLException {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      connection.setAutoCommit(false);
      try (var statement =
          connection.prepareStatement("select id from customers where id > ? order by id")) {
        statement.setFetchSize(2);
        statement.setLong(1, 77);
        try (var result = statement.executeQuery()) {
          for (int i = 0; i < 6; i++) {
            assertThat(result.next()).isTrue();
          }
        }
      }
      connection.commit();
    }
    assertThat(fixture.controlPlane.statements())
        .filteredOn(text -> text.equals("$1 = 0x000000000000004d"))
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void aStatementAsLongAsOneMayBeIsRecordedWholeAndAnswered() throws SQLException {
    String sql = "select length('" + "x".repeat(1_000_000) + "')";
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      assertThat(answer(connection, sql)).isEqualTo("1000000");
    }
    assertThat(fixture.controlPlane.statements()).contains(sql);
  }

  /// Not into what an engineer sees, because those are views; but a COPY that PostgreSQL takes is
  /// recorded with its digest before it takes effect.
  @Test
  void copyInAtWriteIsRecordedWithItsDigestBeforeItTakesEffect() throws Exception {
    String rows = "1\tfirst\n2\tsecond\n";
    try (Connection connection = fixture.connect(fixture.approved(Level.WRITE));
        var superuser = GatewayFixture.DATABASE.superuser()) {
      assertThatThrownBy(() -> copyIn(connection, "copy customers (id, name) from stdin", "7\tx\n"))
          .hasMessageContaining("cannot copy to view")
          .hasMessageContaining("here are views: use INSERT")
          .hasMessageNotContaining("trigger");
      answer(superuser, "create schema inbox");
      try {
        answer(superuser, "create table inbox.rows (id bigint, name text)");
        answer(superuser, "grant usage on schema inbox to public");
        answer(superuser, "grant insert, select on inbox.rows to public");
        assertThat(copyIn(connection, "copy inbox.rows from stdin", rows)).isEqualTo(2);
        assertThat(answer(connection, "select name from inbox.rows where id = 2"))
            .isEqualTo("second");
      } finally {
        answer(superuser, "drop schema inbox cascade");
      }
    }
    assertThat(fixture.controlPlane.statements())
        .containsSubsequence(
            "copy inbox.rows from stdin", "select name from inbox.rows where id = 2");
    var copy = recorded("copy inbox.rows from stdin");
    assertThat(fixture.controlPlane.events())
        .filteredOn(e -> e instanceof StreamPart part && part.n() == copy.n())
        .singleElement()
        .isEqualTo(
            new StreamPart(
                copy.of(),
                copy.n(),
                0,
                StreamPart.Direction.IN,
                rows.length(),
                fixture.controlPlane.result(copy, Bytes.ofUtf8(rows)),
                Optional.empty()));
    assertThat(fixture.controlPlane.events())
        .anyMatch(e -> e instanceof SessionEvent.Outcome o && o.changed() == 2);
  }

  private SessionEvent.Operation recorded(String sql) {
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .filter(operation -> fixture.controlPlane.text(operation).equals(sql))
        .findFirst()
        .orElseThrow();
  }

  private static long copyIn(Connection connection, String sql, String rows) throws Exception {
    return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(rows));
  }

  @Test
  void copyOutBringsEveryRowAndALargeResultPasses() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      var out = new ByteArrayOutputStream();
      long rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("copy (select * from customers) to stdout", out);
      assertThat(rows).isEqualTo(10000);
      assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(10000);
      assertThat(answer(connection, "select count(*) from generate_series(1, 10)")).isEqualTo("10");
      try (var statement = connection.createStatement();
          var result =
              statement.executeQuery(
                  "select n, repeat('x', 40000) from generate_series(1, 500) n")) {
        int seen = 0;
        while (result.next()) {
          assertThat(result.getString(2)).hasSize(40000);
          seen++;
        }
        assertThat(seen).isEqualTo(500);
      }
    }
  }

  @Test
  void copyInIsRefusedBelowWriteAndItsDigestIsRecordedAtWrite() throws Exception {
    String rows = "90001\t1\tnew@example.com\tNew\n";
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      assertThatThrownBy(
              () ->
                  connection
                      .unwrap(PGConnection.class)
                      .getCopyAPI()
                      .copyIn("copy customers from stdin", new StringReader(rows)))
          .isInstanceOf(SQLException.class);
    }
    assertThat(fixture.controlPlane.statements()).noneMatch(text -> text.startsWith("copied"));
  }

  @Test
  void aCancelStopsTheStatementAndTheSessionGoesOn() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ));
        var statement = connection.createStatement();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(() -> statement.execute("select pg_sleep(30)"));
      GatewayFixture.await(
          () ->
              GatewayFixture.DATABASE.count(
                      "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%'"
                          + " and usename like 'lb\\_s\\_%' and state = 'active'")
                  == 1);
      statement.cancel();
      assertThatThrownBy(running::get).hasMessageContaining("canceling statement");
      assertThat(answer(connection, "select 1")).isEqualTo("1");
    }
  }

  /// The statement that spends a budget is cancelled, and may have ended before that arrives.
  @Test
  void aCancelNeverStopsTheStatementBehindTheOneItWasMeantFor() throws SQLException {
    var one = Limits.UNWRITTEN.withRowBudget(new RowBudget(1));
    var access = fixture.approved(Level.READ, Duration.ofMinutes(5), one);
    try (Connection connection = fixture.connect(access)) {
      assertThat(answer(connection, "select 1")).isEqualTo("1");
      for (int i = 0; i < 100; i++) {
        assertThat(answer(connection, "select 2")).isEqualTo("refused 53400");
        assertThat(answer(connection, "select from pg_sleep(0.02) offset 1")).isEqualTo("no row");
      }
    }
  }

  @Test
  void theRowBudgetEndsTheResultAndStaysSpent() throws SQLException {
    var access =
        fixture.approved(
            Level.READ, Duration.ofMinutes(5), Limits.UNWRITTEN.withRowBudget(new RowBudget(100)));
    try (Connection connection = fixture.connect(access)) {
      int rows = 0;
      try (var statement = connection.createStatement();
          var result = statement.executeQuery("select * from customers limit 60")) {
        while (result.next()) {
          rows++;
        }
      }
      assertThat(rows).isEqualTo(60);
      assertThatThrownBy(() -> connection.createStatement().executeQuery("select * from customers"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("budget of this access is spent")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("53400");
      assertThat(answer(connection, "select 1")).isEqualTo("refused 53400");
    }
  }

  @Test
  void whatAnotherGatewayHasClaimedOfTheRowBudgetIsNotReleasedHere() throws SQLException {
    var access =
        fixture.approved(
            Level.READ, Duration.ofMinutes(5), Limits.UNWRITTEN.withRowBudget(new RowBudget(100)));
    RequestId request = access.asked().submission().id();
    fixture.controlPlane.claimedElsewhere(request, new Amount(70, 0));
    try (Connection connection = fixture.connect(access)) {
      assertThat(rowsUntilRefused(connection)).isEqualTo(30);
      fixture.controlPlane.claimedElsewhere(request, new Amount(60, 0)); // it has given some back
      assertThat(rowsUntilRefused(connection)).isEqualTo(10);
    }
  }

  private static int rowsUntilRefused(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    int rows = 0;
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(1);
      try (var result = statement.executeQuery("select id from customers")) {
        while (result.next()) {
          rows++;
        }
      }
      return -1;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("53400");
      connection.rollback();
      return rows;
    }
  }

  @Test
  void rowsAreClaimedBeforeTheyAreReleasedAndWhatIsLeftIsGivenBack() throws SQLException {
    var access =
        fixture.approved(
            Level.READ, Duration.ofMinutes(5), Limits.UNWRITTEN.withRowBudget(new RowBudget(3200)));
    RequestId request = access.asked().submission().id();
    try (Connection first = fixture.connect(access);
        Connection second = fixture.connect(access)) {
      assertThat(answer(first, "select 1")).isEqualTo("1");
      assertThat(fixture.controlPlane.claimed(request).rows()).isEqualTo(200);
      assertThat(answer(second, "select 2")).isEqualTo("2");
      assertThat(fixture.controlPlane.claimed(request).rows()).isEqualTo(200);
    }
    GatewayFixture.await(() -> fixture.controlPlane.claimed(request).rows() == 2);
  }

  @Test
  void settingsThatTheRecordDependsOnEndTheSession() throws SQLException {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      assertThat(answer(connection, "set standard_conforming_strings = off")).startsWith("refused");
      assertThat(answer(connection, "select 1")).startsWith("refused");
    }
  }
}
