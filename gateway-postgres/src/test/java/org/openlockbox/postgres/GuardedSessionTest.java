package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.session.LiveSessions;
import org.postgresql.util.PGobject;
import org.postgresql.util.PSQLException;

/// The guarded profile in real sessions: what it refuses never reaches the database, the client
/// sees an ordinary error in its turn, and the record shows the attempt.
class GuardedSessionTest {
  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Connection guarded(Level level) throws SQLException {
    return fixture.connect(fixture.guarded(level));
  }

  private Connection simple(Level level) throws SQLException {
    return fixture.connect(fixture.guarded(level), "&preferQueryMode=simple");
  }

  /// The entries about the statement that was sent last, once its outcome is there.
  private List<SessionEvent> last(String text) {
    GatewayFixture.await(() -> outcomes(text).size() == 1);
    var statement = statement(text);
    return List.of(statement, outcomes(text).getFirst());
  }

  private SessionEvent.Operation statement(String text) {
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .filter(each -> fixture.controlPlane.text(each).equals(text))
        .findFirst()
        .orElseThrow();
  }

  private List<SessionEvent> outcomes(String text) {
    return fixture.controlPlane.events().stream()
        .filter(event -> event instanceof SessionEvent.Outcome o && o.n() == statement(text).n())
        .toList();
  }

  private static void refused(Connection session, String sql, String said) {
    assertThatThrownBy(() -> run(session, sql))
        .isInstanceOfSatisfying(
            PSQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("42501");
              assertThat(e.getMessage()).contains(said, "Hint: ", "expert profile");
            });
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void anOrdinarySessionDoesNotNoticeTheGuard() throws Exception {
    try (var session = guarded(Level.WRITE)) {
      assertThat(GatewayFixture.answer(session, "select count(*) from customers"))
          .isEqualTo("10000");
      assertThat(GatewayFixture.answer(session, "update customers set name = name where id = 2"))
          .isEqualTo("1 rows");
      try (var tables = session.getMetaData().getTables(null, null, "%", null)) {
        assertThat(tables.next()).isTrue();
      }
    }
  }

  @Test
  void aRefusedStatementIsAnErrorInItsTurnAndIsOnRecord() throws Exception {
    var fetch = "fetch all from something";
    try (var session = simple(Level.READ)) {
      refused(session, fetch, "FETCH is not allowed here");
      assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
    }
    assertThat(last(fetch))
        .satisfiesExactly(
            sent -> {
              var operation = (SessionEvent.Operation) sent;
              assertThat(operation.sql().orElseThrow().classes()).containsExactly("fetch");
              assertThat(operation.refused()).contains("class");
            },
            came -> assertThat(((SessionEvent.Outcome) came).status().word()).isEqualTo("42501"));
  }

  @Test
  void whatHasNoNameInSqlIsNamedByWhatWasTyped() throws Exception {
    try (var session = guarded(Level.WRITE)) {
      refused(session, "create table t ()", "CREATE, ALTER, DROP or the like is not allowed here");
      refused(session, "analyze", "VACUUM, ANALYZE or the like is not allowed here");
    }
  }

  @Test
  void aRefusedParseIsRefusedOnceAndTheBatchIsSkipped() throws Exception {
    var sql = "select pg_notify('a', 'b')";
    try (var session = guarded(Level.READ)) {
      refused(session, sql, "the function pg_notify");
      assertThat(GatewayFixture.answer(session, "select 2")).isEqualTo("2");
    }
    assertThat(last(sql).getLast())
        .isInstanceOfSatisfying(
            SessionEvent.Outcome.class,
            came -> assertThat(came.status().word()).isEqualTo("42501"));
  }

  @Test
  void aRefusalFailsTheTransactionAsAnyErrorDoes() throws Exception {
    try (var session = guarded(Level.WRITE)) {
      var before = GatewayFixture.answer(session, "select name from customers where id = 2");
      session.setAutoCommit(false);
      run(session, "update customers set name = 'changed' where id = 2");
      refused(session, "truncate customers", "TRUNCATE is not allowed here");
      assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("refused 25P02");
      session.rollback();
      assertThat(GatewayFixture.answer(session, "select name from customers where id = 2"))
          .isEqualTo(before);
    }
  }

  @Test
  void whatIsRefusedNeverReachesTheDatabase() throws Exception {
    try (var session = simple(Level.READ)) {
      refused(session, "select lo_create(4711)", "lo_create");
      refused(session, "select pg_advisory_lock(4711)", "pg_advisory_lock");
      assertThat(
              GatewayFixture.DATABASE.count(
                  "select count(*) from pg_stat_activity where query like '%4711%' and pid <> pg_backend_pid()"))
          .isZero();
    }
  }

  @Test
  void theRecordSaysWhatAStatementReadsAndWrites() throws Exception {
    var sql =
        "update customers set name = name from (select id k from customers) s where id = k and id = 2";
    try (var session = guarded(Level.WRITE)) {
      run(session, sql);
    }
    var facts = ((SessionEvent.Operation) last(sql).getFirst()).sql().orElseThrow();
    assertThat(facts.classes()).containsExactly("update", "select");
    assertThat(facts.reads()).containsExactly("customers");
    assertThat(facts.writes()).containsExactly("customers");
    assertThat(facts.line()).startsWith("reads customers (3 columns); writes customers");
  }

  /// The record names what SQL has made in words; a text may end with them too.
  @Test
  void aTextInTheWordsOfTheRecordIsReadAsAnyOther() throws Exception {
    var words = " -- prepared statement \"s\", made by an earlier operation";
    var allowed = "select name from customers where id = 2" + words;
    var forbidden = "select pg_notify('a', 'b')" + words;
    try (var session = guarded(Level.READ)) {
      assertThat(GatewayFixture.answer(session, allowed)).doesNotStartWith("refused");
      refused(session, forbidden, "the function pg_notify");
    }
    var facts = ((SessionEvent.Operation) last(allowed).getFirst()).sql().orElseThrow();
    assertThat(facts.classes()).containsExactly("select");
    assertThat(facts.reads()).containsExactly("customers");
    assertThat(((SessionEvent.Operation) last(forbidden).getFirst()).refused())
        .contains("function");
  }

  @Test
  void aTypoIsTheSyntaxErrorThatAServerWouldSay() throws Exception {
    try (var session = simple(Level.READ)) {
      assertThatThrownBy(() -> run(session, "selec 1"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42601");
                assertThat(e.getMessage()).contains("syntax error at or near \"selec\"");
              });
      assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void aTextThatIsTooMuchIsRefusedAndOthersGoOn() throws Exception {
    try (var session = simple(Level.READ);
        var other = simple(Level.READ)) {
      var deep = "select 1" + String.join("", Collections.nCopies(100_000, "+1"));
      refused(session, deep, "cannot be read");
      refused(session, "select '" + "x".repeat(1 << 20) + "'", "cannot be read");
      assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
      assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
      var longText = "select " + "1 + ".repeat(2_000) + "1";
      assertThat(GatewayFixture.answer(session, longText)).isEqualTo("2001");
    }
  }

  @Test
  void anExpertSessionIsHeldByTheGrantsAlone() throws Exception {
    try (var session = fixture.connect(fixture.approved(Level.READ))) {
      assertThat(GatewayFixture.answer(session, "select set_config('a.b', 'x', false)"))
          .isEqualTo("x");
    }
    var operation = statement("select set_config('a.b', 'x', false)");
    assertThat(operation.refused()).isEmpty();
    assertThat(operation.sql().orElseThrow().classes()).containsExactly("select");
  }

  @Test
  void withoutTheProgramOnlyExpertSessionsOpen() throws IOException, SQLException {
    try (var blind =
        new GatewayFixture(
            LiveSessions.SessionLimits.STANDARD,
            InstantSource.system(),
            GatewayFixture.DATABASE.catalogue(),
            Optional.empty())) {
      assertThatThrownBy(() -> blind.connect(blind.guarded(Level.READ)))
          .isInstanceOf(PSQLException.class)
          .hasMessageContaining("cannot read statements")
          .hasMessageContaining("libpg-query-dev");
      try (var session = blind.connect(blind.approved(Level.READ))) {
        assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
      }
      GatewayFixture.await(() -> !blind.controlPlane.statements().isEmpty());
      assertThat(blind.controlPlane.events())
          .filteredOn(SessionEvent.Operation.class::isInstance)
          .allSatisfy(
              sent -> assertThat(((SessionEvent.Operation) sent).facts().isUnknown()).isTrue());
    }
  }

  /// Nothing stops a backend that reads 200 kB as the name of a type.
  @Test
  void aLongValueThatIsReadAsTheNameOfATypeIsRefused() throws SQLException {
    try (Connection session = guarded(Level.READ);
        var asked = session.prepareStatement("select to_regtype(?)::text")) {
      for (String value : List.of("int4", "/*".repeat(600), "/*".repeat(100_000), "text")) {
        asked.setString(1, value);
        if (value.length() < 10) {
          try (var rows = asked.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isNotNull();
          }
        } else {
          assertThatThrownBy(asked::executeQuery)
              .isInstanceOfSatisfying(
                  SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"))
              .hasMessageContaining("could not stop this at the end of the access");
        }
      }
    }
  }

  /// A client may declare a parameter as regtype, whatever the text says.
  @Test
  void aLongValueThatIsDeclaredAsATypeIsRefused() throws Exception {
    try (Connection session = guarded(Level.READ);
        var asked = session.prepareStatement("select ?::text")) {
      var type = new PGobject();
      type.setType("regtype");
      type.setValue("int4");
      asked.setObject(1, type);
      try (var rows = asked.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("integer");
      }
      type.setValue("/*".repeat(600));
      asked.setObject(1, type);
      assertThatThrownBy(asked::executeQuery).hasMessageContaining("could not stop this");
    }
  }

  /// What it runs would stand in the record by a few letters and a hash.
  @Test
  void aTextThatAFunctionRunsAsSqlIsRefusedInEveryProfile() throws SQLException {
    String call = "select ts_rewrite('a'::tsquery, ?)";
    for (var access : List.of(fixture.approved(Level.READ), fixture.guarded(Level.MASKED))) {
      try (Connection session = fixture.connect(access);
          var asked = session.prepareStatement(call)) {
        asked.setString(
            1, "/* " + "x".repeat(300) + " */ select name::tsquery, 'a'::tsquery from customers");
        assertThatThrownBy(asked::executeQuery)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"))
            .hasMessageContaining("runs a text as SQL");
      }
    }
    assertThat(statement(call.replace("?", "$1")).refused()).hasValue("function");
  }

  @Test
  void whatIsExecutedByNameRefersToTheStatementThatMadeIt() throws Exception {
    try (Connection session = simple(Level.READ)) {
      run(session, "prepare p as select name from customers where id = $1");
      run(session, "execute p(2)");
      run(session, "deallocate p");
      run(session, "prepare p as select email from customers where id = $1");
      run(session, "execute p(4)");
      assertThatThrownBy(() -> run(session, "prepare p as select 1"))
          .hasMessageContaining("already exists");
      run(session, "execute p(6)");
      run(session, "prepare q as select 1; execute q");
    }
    assertThat(preparedBy("execute p(2)"))
        .hasValue(statement("prepare p as select name from customers where id = $1").n());
    assertThat(preparedBy("execute p(4)"))
        .hasValue(statement("prepare p as select email from customers where id = $1").n());
    assertThat(preparedBy("execute p(6)")).as("nobody can be sure").isEmpty();
    assertThat(preparedBy("prepare q as select 1; execute q")).as("in its own text").isEmpty();
    assertThat(statement("execute p(2)").facts().line()).contains("prepared by operation ");
  }

  /// In an expert's session cursors too, and both by the protocol's own messages.
  @Test
  void aCursorRefersToTheStatementThatDeclaredIt() throws Exception {
    try (Connection session =
        fixture.connect(fixture.approved(Level.READ), "&preferQueryMode=extended")) {
      session.setAutoCommit(false);
      run(session, "declare c cursor for select name from customers");
      run(session, "fetch 2 from c");
      session.rollback();
    }
    assertThat(preparedBy("fetch 2 from c"))
        .hasValue(statement("declare c cursor for select name from customers").n());
  }

  private OptionalLong preparedBy(String text) {
    return statement(text).sql().orElseThrow().preparedBy();
  }
}
