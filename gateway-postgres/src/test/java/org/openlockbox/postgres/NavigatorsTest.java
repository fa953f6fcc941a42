package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.testing.HelpdeskDatabase;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// What DataGrip and DBeaver send when they connect and their trees are opened down to columns, in
/// a guarded session: each is answered with what is the session's own, or refused with a HINT that
/// says where to read on, and the session goes on.
class NavigatorsTest {
  private static final HelpdeskDatabase HELPDESK = HelpdeskDatabase.in(ProtectedDatabase.start());
  private static final GatewayFixture FIXTURE =
      new GatewayFixture(
          LiveSessions.SessionLimits.STANDARD, InstantSource.system(), HELPDESK.catalogue());
  private static Connection session;
  private static String schema;
  private static String table;

  @BeforeAll
  static void open() throws SQLException {
    session = FIXTURE.connect(FIXTURE.guarded(Level.READ));
    schema = GatewayFixture.answer(session, "select 'lb_read'::regnamespace::oid");
    table = GatewayFixture.answer(session, "select 'lb_read.customers'::regclass::oid");
  }

  @AfterAll
  static void close() throws SQLException {
    session.close();
    FIXTURE.close();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvFileSource(resources = "/tools/navigators.csv", delimiter = '|', quoteCharacter = '`')
  void eachIsAnsweredOrRefusedWithAHint(String tool, String expected, String sql)
      throws SQLException {
    String said = "answered";
    try (var statement = session.createStatement()) {
      statement.execute(sql.replace(":schema", schema).replace(":table", table));
    } catch (SQLException e) {
      said = e.getSQLState();
      assertThat(e.getMessage()).contains("Hint: ", "docs/tools.md");
    }
    assertThat(said).isEqualTo(expected);
    assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
  }

  @Test
  void theTreeOfDBeaverIsThatOfTheSession() throws SQLException {
    assertThat(column("SELECT db.oid,db.* FROM pg_catalog.pg_database db", "datname"))
        .containsExactly("helpdesk");
    assertThat(column("SELECT n.oid,n.* FROM pg_catalog.pg_namespace n", "nspname"))
        .containsExactlyInAnyOrder(
            "lb_read", "lb_metadata", "helpdesk", "pg_catalog", "information_schema");
    assertThat(
            column(
                "SELECT c.oid,c.* FROM pg_catalog.pg_class c WHERE c.relnamespace=" + schema,
                "relname"))
        .contains("customers", "tickets")
        .doesNotContain("api_tokens");
    assertThat(
            column(
                "SELECT a.* FROM pg_catalog.pg_attribute a WHERE a.attrelid=" + table, "attname"))
        .contains("email", "status");
    assertThat(column("SELECT a.oid,a.* FROM pg_catalog.pg_roles a", "rolname")).hasSize(1);
  }

  private static List<String> column(String sql, String column) throws SQLException {
    try (var statement = session.createStatement()) {
      return names(statement.executeQuery(sql), column);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\l",
        "\\l+",
        "\\du",
        "\\dp",
        "\\d",
        "\\d+",
        "\\d customers",
        "\\d+ customers",
        "\\dn+",
        "\\df",
        "\\dT+",
        "\\dx",
        "\\db+"
      })
  void psqlShowsWhatIsTheSessionsOwn(String command) throws Exception {
    for (var access : List.of(FIXTURE.guarded(Level.READ), FIXTURE.approved(Level.READ))) {
      psqlShows(command, access);
    }
  }

  private static void psqlShows(String command, GatewayFixture.Access access) throws Exception {
    var psql = new ProcessBuilder("/usr/bin/psql", "-X", "-w", "-P", "pager=off", "-c", command);
    psql.environment().put("PGHOST", "127.0.0.1");
    psql.environment().put("PGPORT", Integer.toString(FIXTURE.gateway.port()));
    psql.environment().put("PGDATABASE", "helpdesk");
    psql.environment().put("PGUSER", access.user());
    psql.environment().put("PGPASSWORD", GatewayFixture.PASSWORD);
    psql.environment().put("PGSSLMODE", "require");
    psql.redirectInput(new File("/dev/null"));
    Process process = psql.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(said)
        .doesNotContain(
            "ERROR",
            "template0",
            "control",
            "support_",
            "lockbox_gateway",
            "helpdesk_",
            "api_tokens");
    switch (command) {
      case "\\l", "\\l+" -> assertThat(said).contains(" helpdesk ", "UTF8", "(1 row)");
      case "\\du" -> assertThat(said).containsPattern(" lb_s_[0-9a-f]{32} ");
      case "\\dp", "\\d", "\\d+" -> assertThat(said).contains(" customers ", " tickets ");
      case "\\d customers", "\\d+ customers" -> assertThat(said).contains("customer_status");
      default -> {}
    }
  }

  @Test
  void theRecordHoldsTheTextAsItWasSent() throws SQLException {
    String sql = "select count(*) /* as sent */ from pg_catalog.pg_class, pg_type";
    assertThat(GatewayFixture.answer(session, sql)).isNotEqualTo("0");
    GatewayFixture.await(
        () ->
            FIXTURE.controlPlane.events().stream()
                .filter(SessionEvent.Operation.class::isInstance)
                .map(SessionEvent.Operation.class::cast)
                .anyMatch(each -> FIXTURE.controlPlane.text(each).equals(sql)));
  }

  /// The parameter's type, which follows the text in the message, is kept.
  @Test
  void preparedStatementsAreReadTheSameWay() throws SQLException {
    String sql = "select relname from pg_catalog.pg_class where relnamespace = ? and relkind = 'v'";
    try (var prepared = session.prepareStatement(sql)) {
      prepared.setLong(1, Long.parseLong(schema));
      for (int again = 0; again < 7; again++) {
        assertThat(names(prepared.executeQuery(), "relname")).contains("customers");
      }
    }
  }

  @Test
  void metadataOfJdbcShowsSchemasTablesColumnsAndRows() throws SQLException {
    var about = session.getMetaData();
    assertThat(names(about.getSchemas(), "TABLE_SCHEM")).contains("lb_read");
    var tables = names(about.getTables(null, "lb_read", "%", null), "TABLE_NAME");
    assertThat(tables).contains("customers", "tickets").doesNotContain("api_tokens");
    assertThat(names(about.getColumns(null, "lb_read", "customers", "%"), "COLUMN_NAME"))
        .contains("email", "status");
    assertThat(names(about.getTypeInfo(), "TYPE_NAME")).contains("int8");
    assertThat(names(about.getPrimaryKeys(null, "lb_read", "customers"), "PK_NAME")).isEmpty();
    // Views have no indexes, and those of the tables behind are not the engineer's to know.
    assertThat(names(about.getIndexInfo(null, "lb_read", "customers", false, true), "INDEX_NAME"))
        .isEmpty();
    assertThat(names(about.getCatalogs(), "TABLE_CAT")).containsExactly("helpdesk");
    assertThat(names(about.getTableTypes(), "TABLE_TYPE")).contains("VIEW");
    assertThat(about.getDatabaseProductVersion()).isNotEmpty();
    assertThat(GatewayFixture.answer(session, "select * from lb_read.customers limit 200"))
        .isNotEqualTo("no row");
  }

  private static List<String> names(ResultSet rows, String column) throws SQLException {
    var found = new ArrayList<String>();
    try (rows) {
      while (rows.next()) {
        found.add(rows.getString(column));
      }
    }
    return found;
  }
}
