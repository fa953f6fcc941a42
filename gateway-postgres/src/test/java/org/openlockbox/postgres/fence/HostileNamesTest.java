package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Tables, columns, sequences, schemas and types of every name that PostgreSQL takes: two tenants
/// with a canary each, behind one fence. A name is data, whatever stands in it.
class HostileNamesTest {
  private static final String SCHEMA = "App\"; drop schema \"lb\" cascade; -- ${gateway} $$ %s";

  /// Each is the name of a table, of its columns and of its sequence.
  private static final List<String> NAMES =
      List.of(
          "Tenant",
          "tenant",
          "\"Tenant\"",
          "a\"; drop table \"Tenant\"; --",
          "'; drop table x; --",
          "${gateway}",
          "${sequences_array}",
          "%s %1$s %n",
          "$$",
          "$_$ end $_$",
          "e'\\' || 'x",
          "back\\slash\\",
          "crm.customers",
          "crm|customers,tenant",
          "Größe 表",
          "-- comment",
          "/* open",
          ":var :'var' :\"var\"",
          "select",
          "two\nlines\tand a tab",
          " ",
          "\"",
          "x".repeat(58));

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: hostile_names, tls: disable, minimumVersion: 18.6}
          schema: ${schema}
          tenancy: {column: '"the tenant"', values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
      ${tables}
          hiddenTables: ["\\"two\\nlines\\tand a tab\\""]
      """;

  private static FencedDatabase database;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), schema(), yaml(), "acme").applyPlan();
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  private static String sql(String name) {
    return SqlName.quoted(name);
  }

  /// A text of SQL's, whatever stands in it.
  private static String text(String value) {
    return "e'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String inYaml(String name) {
    return "'" + SqlName.of(name).replace("'", "''") + "'";
  }

  private static String schema() {
    var sql =
        new StringBuilder(
            """
            do $$ begin
              if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
                create role lockbox_gateway login;
              end if;
            end $$;
            """);
    sql.append("create schema ").append(sql(SCHEMA)).append(";\n");
    for (String name : NAMES) {
      String table = sql(SCHEMA) + "." + sql(name);
      String column = sql(name);
      String type = sql(SCHEMA) + "." + sql(name + "_e");
      sql.append(
          """
          create type %2$s as enum ('A', 'b');
          create table %1$s (
            "Id" serial primary key, "the tenant" int not null, %3$s text, "kind of" %2$s default 'A',
            parent int references %1$s);
          insert into %1$s ("the tenant", %3$s) values (1, 'acme-canary@mail.test'), (2, 'globex-canary@mail.test');
          alter table %1$s enable row level security;
          grant select (%3$s) on %1$s to public;
          """
              .formatted(table, type, column));
    }
    return sql.toString();
  }

  private static String yaml() {
    String tables =
        shown().stream()
            .map(name -> "      %s: {mask: {%s: email}}".formatted(inYaml(name), inYaml(name)))
            .collect(Collectors.joining("\n"));
    return YAML.replace("${schema}", inYaml(SCHEMA)).replace("${tables}", tables);
  }

  /// Those that a record can show.
  private static List<String> shown() {
    return NAMES.stream().filter(SqlName::fitsDocument).toList();
  }

  @Test
  void theFenceStandsAroundAllOfThem() {
    assertThat(shown()).hasSize(NAMES.size() - 1);
    assertThat(database.check().deviations()).isEmpty();
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
  }

  @Test
  void eachTenantSeesItsOwnRowsAtEachLevel() throws SQLException {
    for (String tenant : List.of("acme", "globex")) {
      String other = tenant.equals("acme") ? "globex" : "acme";
      for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
        try (Connection session = database.session(tenant, level)) {
          for (String name : shown()) {
            String values =
                answer(
                    session, "select string_agg(%s, ',') from %s".formatted(sql(name), sql(name)));
            assertThat(values)
                .as("%s of %s at %s", name, tenant, level)
                .isEqualTo(
                    level == Level.MASKED
                        ? tenant.charAt(0) + "***@***"
                        : tenant + "-canary@mail.test");
          }
          assertThat(FencedDatabase.everything(session)).doesNotContain(other + "-canary");
        }
      }
    }
  }

  @Test
  void metadataNamesThemAndCountsOwnRows() throws SQLException {
    try (Connection session = database.session("acme", Level.METADATA)) {
      for (String name : shown()) {
        assertThat(
                answer(session, "select own_rows from row_counts where table_name = " + text(name)))
            .as(name)
            .isEqualTo("1");
        assertThat(
                answer(
                    session,
                    "select mask from columns where table_name = %1$s and column_name = %1$s"
                        .formatted(text(name))))
            .as(name)
            .isEqualTo("email");
      }
    }
  }

  @Test
  void aWriteStaysInsideAndTakesItsDefaults() throws SQLException {
    try (Connection session = database.session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      for (String name : shown()) {
        String table = sql(name);
        assertThat(answer(session, "insert into %s (%s) values ('new')".formatted(table, table)))
            .as("insert: %s", name)
            .isEqualTo("1 rows");
        assertThat(
                answer(
                    session,
                    "select \"the tenant\" || ' ' || (\"Id\" > 2) || ' ' || \"kind of\" from %s where %s = 'new'"
                        .formatted(table, table)))
            .as("defaults: %s", name)
            .isEqualTo("1 true A");
        assertThat(answer(session, "update %s set %s = 'newer'".formatted(table, table)))
            .as("update: %s", name)
            .isEqualTo("2 rows");
        assertThat(answer(session, "delete from " + table))
            .as("delete: %s", name)
            .isEqualTo("2 rows");
      }
      session.rollback();
      for (String name : shown()) { // the row of the other tenant is no parent
        assertThat(answer(session, "update %s set parent = 2".formatted(sql(name))))
            .as("reference: %s", name)
            .isEqualTo("refused 44000");
        session.rollback();
      }
    }
  }

  @Test
  void anAccessOfOneTableReachesNoOtherOfANameAlike() throws SQLException {
    for (String name : List.of("Tenant", "tenant", "\"Tenant\"", "crm.customers")) {
      try (Connection session =
          database.session("acme", Level.READ, Tables.of(List.of(SqlName.of(name))))) {
        for (String other : shown()) {
          assertThat(answer(session, "select count(*) from " + sql(other)))
              .as("%s with a grant of %s", other, name)
              .isEqualTo(other.equals(name) ? "1" : "refused 42501");
        }
      }
    }
    try (Connection session =
        database.session("acme", Level.READ, Tables.of(List.of("crm.customers")))) {
      assertThat(answer(session, "select count(*) from \"crm.customers\""))
          .isEqualTo("refused 42501");
    }
    try (Connection session =
        database.session("acme", Level.READ, Tables.of(List.of(SqlName.of(SCHEMA, "Tenant"))))) {
      assertThat(answer(session, "select count(*) from \"Tenant\"")).isEqualTo("1");
    }
  }

  @Test
  void whatChangesIsNamedAsPostgresqlWritesIt() {
    String table = sql(SCHEMA) + "." + sql("crm|customers,tenant");
    String name = SqlName.of(SCHEMA, "crm|customers,tenant");
    database.asSuperuser("alter table %s add column \"New, one\" text".formatted(table));
    database.asSuperuser("grant select (parent) on %s to lb_level_read".formatted(table));
    database.asSuperuser("revoke select (\"Id\") on %s from lb_view".formatted(table));
    database.asSuperuser("create table %s.\"Two\nlines\" (a int)".formatted(sql(SCHEMA)));
    try {
      assertThat(database.check().found())
          .extracting(Deviation::kind, Deviation::subject)
          .contains(
              Tuple.tuple("column-new", name + ".\"New, one\""),
              Tuple.tuple("grant-missing", name),
              Tuple.tuple("grant-too-much", "lb_level_read"),
              Tuple.tuple("table-forgotten", SqlName.of(SCHEMA) + ".\"Two\\u000alines\""));
    } finally {
      database.asSuperuser(
          "drop table %s.\"Two\nlines\"; alter table %s drop column \"New, one\""
              .formatted(sql(SCHEMA), table));
      database.asSuperuser("revoke all (parent) on %s from lb_level_read".formatted(table));
      database.applyPlan();
    }
    assertThat(database.check().deviations()).isEmpty();
  }

  /// Suspended for a migration, and resumed: what the migration has added stays unseen.
  @Test
  void aFenceIsSuspendedAndResumed() throws SQLException {
    database.asSuperuser(FenceSuspension.suspend(database.spec()));
    for (String name : NAMES) {
      database.asSuperuser(
          "alter table %s.%s add column \"New|one.\" text".formatted(sql(SCHEMA), sql(name)));
    }
    try (var superuser = database.superuser()) {
      var suspension = FenceSuspension.read(superuser).orElseThrow();
      var resumed =
          FencePlan.resuming(
              database.spec(), DatabaseSchema.read(superuser, database.spec()), suspension);
      database.asSuperuser(((FencePlan.Applicable) resumed).sql());
    }
    assertThat(database.check().deviations()).isEmpty();
    try (Connection session = database.session("acme", Level.READ)) {
      for (String name : shown()) {
        assertThat(answer(session, "select %s from %s".formatted(sql(name), sql(name))))
            .as(name)
            .isEqualTo("acme-canary@mail.test");
        assertThat(answer(session, "select \"New|one.\" from " + sql(name)))
            .as(name)
            .isEqualTo("refused 42703");
      }
    } finally {
      for (String name : NAMES) {
        database.asSuperuser(
            "alter table %s.%s drop column \"New|one.\"".formatted(sql(SCHEMA), sql(name)));
      }
    }
  }

  @Test
  void whatPublicLostItGetsBack() throws SQLException {
    try (var superuser = database.superuser()) {
      for (String name : NAMES) {
        assertThat(rightOfPublic(superuser, name)).as(name).isEqualTo("null");
      }
      database.asSuperuser(FenceUndo.of(database.spec()));
      for (String name : NAMES) {
        assertThat(rightOfPublic(superuser, name)).as(name).isEqualTo("=r/postgres");
      }
    } finally {
      database.applyPlan();
    }
    assertThat(database.check().deviations()).isEmpty();
  }

  private static String rightOfPublic(Connection superuser, String name) {
    return answer(
        superuser,
        """
        select string_agg(a::text, ' ') from pg_attribute t, unnest(t.attacl) a
         where t.attrelid = %s::regclass and t.attname = %s and a::text ~ '^='
        """
            .formatted(text(sql(SCHEMA) + "." + sql(name)), text(name)));
  }
}
