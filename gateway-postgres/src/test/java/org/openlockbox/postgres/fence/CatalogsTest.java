package org.openlockbox.postgres.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.database.SessionRoles;

/// What a session sees of PostgreSQL's own catalogs, where nothing is read from `lb_catalog` in
/// their place: enough for tools to find its tables, nothing about other databases, roles,
/// sessions, counts or definitions.
class CatalogsTest {
  private static Helpdesk openCatalogs;
  private static Helpdesk helpdesk;
  private static SessionRoles roles;
  private static SessionRole role;
  private static Connection read;
  private static Connection metadata;

  @BeforeAll
  static void open() throws SQLException {
    openCatalogs = Helpdesk.bare("catalogs_open");
    helpdesk = Helpdesk.fenced("catalogs_test");
    roles = helpdesk.roles("0000000000000001");
    role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    read = helpdesk.as(role);
    metadata = helpdesk.as(Helpdesk.open(roles, "acme", Level.METADATA, Tables.ALL));
  }

  @AfterAll
  static void close() throws SQLException {
    read.close();
    metadata.close();
    roles.close();
    helpdesk.dropSessions();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PG-130 row counts        | select sum(reltuples) from pg_class
          PG-130 live rows         | select n_live_tup from pg_stat_user_tables
          PG-130 live rows         | select pg_stat_get_live_tuples('pg_class'::regclass)
          PG-130 sizes             | select pg_relation_size('lb_read.customers'::regclass)
          PG-130 sizes             | select pg_database_size(current_database())
          PG-130 scans             | select * from pg_statio_user_tables
          PG-131 databases         | select datname from pg_database
          PG-131 databases         | select * from pg_stat_database
          PG-131 roles             | select rolname from pg_roles
          PG-131 roles             | select usename from pg_user
          PG-131 members           | select * from pg_auth_members
          PG-131 role settings     | select * from pg_db_role_setting
          PG-131 statements        | select query from pg_stat_activity
          PG-131 statements        | select * from pg_stat_get_activity(null)
          PG-131 locks             | select * from pg_locks
          PG-131 prepared          | select gid from pg_prepared_xacts
          PG-131 partition bounds  | select relpartbound from pg_class
          PG-131 anything by oid   | select pg_describe_object(1259, 1259, 0)
          PG-148 statistics        | select * from pg_stats
          PG-148 extended          | select * from pg_stats_ext
          PG-156 function bodies   | select prosrc from pg_proc
          PG-156 function bodies   | select pg_get_functiondef('lb.t(text)'::regprocedure)
          PG-156 view texts        | select definition from pg_views
          PG-156 view texts        | select pg_get_viewdef('pg_user'::regclass)
          PG-156 policies          | select polqual from pg_policy
          PG-156 checks            | select conbin from pg_constraint
          PG-156 index predicates  | select indpred from pg_index
          PG-156 missing values    | select attmissingval from pg_attribute
          PG-156 domain defaults   | select typdefault from pg_type
          PG-156 foreign servers   | select srvoptions from pg_foreign_server
          PG-156 subscriptions     | select subname from pg_subscription
          PG-156 rights            | select relacl from pg_class
          PG-156 database comments | select description from pg_shdescription
          """)
  void isRefusedAtEveryLevel(String attack, String sql) {
    assertThat(answer(read, sql)).isEqualTo("refused 42501");
    assertThat(answer(metadata, sql)).isEqualTo("refused 42501");
  }

  @Test
  void defaultsAndCommentsAreForTheLevelsThatShowRows() {
    assertThat(answer(read, "select count(adbin) >= 0 from pg_attrdef")).isEqualTo("t");
    assertThat(answer(metadata, "select adbin from pg_attrdef")).isEqualTo("refused 42501");
    assertThat(answer(metadata, "select obj_description(1259, 'pg_class')"))
        .isEqualTo("refused 42501");
  }

  @Test
  void theInformationSchemaShowsWhatTheLevelHoldsAndNothingElse() {
    String tables =
        "select string_agg(distinct table_schema, ',' order by table_schema)"
            + " from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')";
    assertThat(answer(read, tables)).isEqualTo("lb_catalog,lb_metadata,lb_read");
    assertThat(answer(metadata, tables)).isEqualTo("lb_catalog,lb_metadata");
    assertThat(
            answer(
                read,
                "select count(*) from information_schema.columns where column_name = 'password_hash'"))
        .isEqualTo("0");
    assertThat(
            answer(
                read,
                "select count(routine_definition) from information_schema.routines where routine_schema = 'helpdesk'"))
        .isEqualTo("0");
  }

  @Test
  void theJdbcDriverListsTablesColumnsTypesAndKeys() throws SQLException {
    var about = read.getMetaData();
    assertThat(names(about.getTables(null, "lb_read", "%", new String[] {"VIEW"}), "TABLE_NAME"))
        .contains("customers", "tickets", "plans")
        .doesNotContain("api_tokens");
    assertThat(names(about.getColumns(null, "lb_read", "agents", "%"), "COLUMN_NAME"))
        .contains("email")
        .doesNotContain("password_hash");
    assertThat(names(about.getSchemas(), "TABLE_SCHEM")).contains("lb_read");
    assertThat(names(about.getTypeInfo(), "TYPE_NAME")).contains("int8", "text");
    assertThat(names(about.getPrimaryKeys(null, "lb_read", "customers"), "COLUMN_NAME")).isEmpty();
    assertThat(names(about.getImportedKeys(null, "lb_read", "tickets"), "FKCOLUMN_NAME")).isEmpty();
    assertThat(names(about.getFunctions(null, "lb_read", "%"), "FUNCTION_NAME")).isEmpty();
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\d",
        "\\dv",
        "\\d customers",
        "\\d tickets",
        "\\dn",
        "\\dT",
        "\\df",
        "\\dx",
        "\\d lb_metadata.columns"
      })
  void psqlDescribesWhatTheSessionMaySee(String command) throws Exception {
    assertThat(psql(command)).doesNotContain("ERROR").doesNotContain("api_tokens");
  }

  @Test
  void psqlsListOfTablesIsThatOfTheLevel() throws Exception {
    assertThat(psql("\\d")).contains("customers", "tickets").doesNotContain("helpdesk_owner");
    assertThat(psql("\\d customers")).contains("email").contains("customer_status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\l", "\\du", "\\dp", "\\d+", "\\dconfig+ *"})
  void psqlIsRefusedWhatPostgresqlCannotFilter(String command) throws Exception {
    assertThat(psql(command)).contains("permission denied");
  }

  private static String psql(String command) throws Exception {
    assertThat(Path.of("/usr/bin/psql")).exists();
    var builder = new ProcessBuilder("/usr/bin/psql", "-X", "-w", "-c", command);
    builder.environment().put("PGHOST", "127.0.0.1");
    builder.environment().put("PGPORT", Integer.toString(helpdesk.spec().address().port()));
    builder.environment().put("PGDATABASE", "catalogs_test");
    var own = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    builder.environment().put("PGUSER", own.name());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(roles.close(own)).isEmpty();
    return said;
  }

  @Test
  void theApplicationReadsTheCatalogsAsBefore() throws SQLException {
    try (var application = helpdesk.as("helpdesk_app")) {
      assertThat(answer(application, "select count(*) > 0 from pg_stat_activity")).isEqualTo("t");
      assertThat(answer(application, "select sum(reltuples) > 0 from pg_class")).isEqualTo("t");
      assertThat(answer(application, "select pg_database_size(current_database()) > 0"))
          .isEqualTo("t");
      assertThat(answer(application, "select count(*) > 0 from pg_database")).isEqualTo("t");
    }
  }

  @Test
  void openCatalogsAreWarnedAboutAndClosingThemAgainTakesThePlan() {
    var spec = openCatalogs.spec("    catalogs: open\n");
    openCatalogs.asSuperuser(openCatalogs.plan(spec));
    var report = openCatalogs.check(spec);
    assertThat(report.deviations()).isEmpty();
    assertThat(report.found()).extracting(Deviation::kind).contains("catalogs-open");
    assertThat(openCatalogs.check().deviations())
        .extracting(Deviation::kind)
        .contains("fence-outdated", "public-right");
    openCatalogs.applyPlan();
    assertThat(openCatalogs.check().deviations()).isEmpty();
    openCatalogs.asSuperuser(openCatalogs.plan(spec));
    assertThat(openCatalogs.check(spec).deviations()).isEmpty();
  }
}
