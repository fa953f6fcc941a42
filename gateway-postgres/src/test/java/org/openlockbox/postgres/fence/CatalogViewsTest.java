package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.database.SessionRoles;

/// What a session reads in `lb_catalog`: what is its own and PostgreSQL's, and nothing that moves
/// when somebody else does something.
class CatalogViewsTest {
  /// Everything of others that catalogs speak of, each with a name that can be looked for.
  private static final String OTHERS =
      """
      create role canary_role login;
      comment on role canary_role is 'canary';
      comment on database catalog_views_test is 'canary';
      alter database catalog_views_test set application_name = 'canary';
      create schema canary_schema authorization canary_role;
      comment on schema helpdesk is 'canary';
      create type canary_schema.canary_enum as enum ('canary');
      create domain canary_schema.canary_domain as text default 'canary' check (value <> 'canary');
      create sequence canary_schema.canary_sequence start 7777;
      create function canary_schema.canary_function(canary int) returns text language sql return 'canary';
      create table canary_schema.canary_table (id int primary key, word canary_schema.canary_enum default 'canary',
        constraint canary_check check (word <> 'canary'));
      comment on column canary_schema.canary_table.word is 'canary';
      create index canary_index on canary_schema.canary_table (id) where id > 7777;
      create view canary_schema.canary_view as select 'canary' as canary;
      create rule canary_rule as on insert to canary_schema.canary_view do instead nothing;
      create table canary_schema.canary_parent (tenant text) partition by list (tenant);
      create table canary_schema.canary_part partition of canary_schema.canary_parent for values in ('canary');
      alter table helpdesk.tickets add column canary text default 'canary';
      comment on table helpdesk.tickets is 'canary';
      alter table helpdesk.tickets alter subject set statistics 777;
      create statistics canary_schema.canary_statistics on id, word from canary_schema.canary_table;
      create policy canary_policy on canary_schema.canary_table using (word <> 'canary');
      create publication canary_publication for table canary_schema.canary_table;
      create foreign data wrapper canary_wrapper;
      create server canary_server foreign data wrapper canary_wrapper options (host 'canary');
      create user mapping for canary_role server canary_server options (password 'canary');
      create function canary_schema.canary_event() returns event_trigger language plpgsql as 'begin end';
      create event trigger canary_trigger on ddl_command_end when tag in ('COMMENT')
        execute function canary_schema.canary_event();
      alter default privileges for role canary_role grant select on tables to lockbox_gateway;
      grant canary_role to helpdesk_app;
      analyze;
      """;

  private static Helpdesk helpdesk;
  private static SessionRoles roles;

  @BeforeAll
  static void open() {
    helpdesk = Helpdesk.fenced("catalog_views_test");
    roles = helpdesk.roles("0000000000000002");
  }

  @AfterAll
  static void close() {
    roles.close();
    helpdesk.dropSessions();
    helpdesk.asSuperuser(
        """
        drop database if exists canary_database;
        drop publication if exists canary_publication;
        drop event trigger if exists canary_trigger;
        drop server if exists canary_server cascade;
        drop foreign data wrapper if exists canary_wrapper;
        drop schema if exists canary_schema cascade;
        drop owned by canary_role;
        drop role canary_role;
        """);
  }

  private static Connection session(String tenant, Level level) throws SQLException {
    return helpdesk.as(Helpdesk.open(roles, tenant, level, Tables.ALL));
  }

  /// Each view with its rows.
  private static SortedMap<String, String> seen(Connection session) throws SQLException {
    var views = new ArrayList<String>();
    try (var statement = session.createStatement();
        var rows =
            statement.executeQuery(
                "select table_name from information_schema.tables where table_schema = 'lb_catalog'")) {
      while (rows.next()) {
        views.add(rows.getString(1));
      }
    }
    var seen = new TreeMap<String, String>();
    for (String view : views) {
      seen.put(
          view,
          answer(
              session,
              "select string_agg(v::text, E'\\n' order by v::text) from lb_catalog.%s v"
                  .formatted(view)));
    }
    return seen;
  }

  @Test
  void nothingInThemMovesWhenOthersDoSomething() throws SQLException {
    try (var read = session("acme", Level.READ);
        var masked = session("acme", Level.MASKED);
        var metadata = session("acme", Level.METADATA)) {
      var sessions = List.of(read, masked, metadata);
      var before = new ArrayList<SortedMap<String, String>>();
      for (Connection session : sessions) {
        before.add(seen(session));
      }
      assertThat(before.getFirst()).hasSizeGreaterThan(50);
      assertThat(before.getFirst().get("pg_class")).contains("customers");
      helpdesk.asSuperuser(OTHERS);
      helpdesk.asSuperuser("create database canary_database");
      try (var other = session("globex", Level.READ)) {
        assertThat(answer(other, "select count(*) > 0 from customers")).isEqualTo("t");
        for (int i = 0; i < sessions.size(); i++) {
          var after = seen(sessions.get(i));
          assertThat(after).isEqualTo(before.get(i));
          assertThat(String.join("\n", after.values())).doesNotContainIgnoringCase("canary");
        }
        assertThat(String.join("\n", seen(other).values())).doesNotContainIgnoringCase("canary");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aSessionFindsItsOwnTablesColumnsDatabaseAndRole(Level level) throws SQLException {
    try (var session = session("acme", level)) {
      String own = "lb_" + level.word();
      String schemas =
          "select string_agg(nspname, ',' order by nspname) from lb_catalog.pg_namespace";
      assertThat(answer(session, schemas).split(","))
          .containsOnly("information_schema", "pg_catalog", "lb_metadata", own, types(level));
      assertThat(
              answer(
                  session,
                  "select count(*) > 0 from lb_catalog.pg_class c join lb_catalog.pg_attribute a on a.attrelid = c.oid"
                      + " where c.relnamespace = '%s'::regnamespace".formatted(own)))
          .isEqualTo("t");
      assertThat(answer(session, "select string_agg(datname, ',') from lb_catalog.pg_database"))
          .isEqualTo("catalog_views_test");
      assertThat(
              answer(
                  session,
                  "select string_agg(rolname, ',') = session_user from lb_catalog.pg_roles"))
          .isEqualTo("t");
      assertThat(
              answer(
                  session,
                  "select count(*) from lb_catalog.pg_class where relname in ('api_tokens', 'canary_table')"))
          .isEqualTo("0");
    }
  }

  /// Where the types of its columns lie: the views of level metadata have none of the
  /// application's.
  private static String types(Level level) {
    return level == Level.METADATA ? "lb_metadata" : "helpdesk";
  }

  @Test
  void theTypesOfItsColumnsAreThereAndNoOthers() throws SQLException {
    try (var session = session("acme", Level.READ)) {
      assertThat(
              answer(
                  session,
                  "select count(*) from lb_catalog.pg_attribute a left join lb_catalog.pg_type t on t.oid = a.atttypid"
                      + " where t.oid is null"))
          .isEqualTo("0");
      assertThat(
              answer(
                  session,
                  "select count(*) from lb_catalog.pg_type t left join lb_catalog.pg_namespace n on n.oid = t.typnamespace"
                      + " where n.oid is null"))
          .isEqualTo("0");
      assertThat(
              answer(
                  session,
                  "select count(*) > 1 from lb_catalog.pg_enum e join lb_catalog.pg_type t on t.oid = e.enumtypid"
                      + " where t.typname = 'customer_status'"))
          .isEqualTo("t");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select sum(reltuples) is null and sum(relpages) is null from lb_catalog.pg_class",
        "select count(relacl) = 0 and count(relpartbound) = 0 from lb_catalog.pg_class",
        "select count(prosrc) = 0 and count(proconfig) = 0 from lb_catalog.pg_proc",
        "select count(datacl) = 0 and count(distinct datdba) = 1 from lb_catalog.pg_database",
        "select count(conbin) = 0 from lb_catalog.pg_constraint",
        "select count(*) = 0 from lb_catalog.pg_description",
        "select lb_catalog.pg_get_viewdef('pg_user'::regclass) is null",
        "select lb_catalog.pg_total_relation_size('lb_read.customers'::regclass) is null",
        "select lb_catalog.pg_database_size('postgres') is null",
        "select lb_catalog.shobj_description(10, 'pg_authid') is null"
      })
  void countsRightsTextsAndSizesAreNull(String sql) throws SQLException {
    try (var session = session("acme", Level.READ)) {
      assertThat(answer(session, sql)).isEqualTo("t");
    }
  }

  /// A condition of the asker's own never sees a row that the view keeps back: it would fail on it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select count(*) from lb_catalog.pg_database where 1 / (datname <> 'postgres')::int > 0",
        "select count(*) from lb_catalog.pg_roles where 1 / (rolname = session_user)::int > 0",
        "select count(*) from lb_catalog.pg_class where 1 / (relname !~ 'token')::int > 0",
        "select count(*) from lb_catalog.pg_namespace where 1 / (nspname <> 'public')::int > 0"
      })
  void aConditionSeesNoRowThatIsKeptBack(String sql) throws SQLException {
    try (var session = session("acme", Level.READ)) {
      assertThat(answer(session, sql)).matches("[0-9]+");
    }
  }

  /// It would say how many databases and sessions of others there are.
  @ParameterizedTest
  @ValueSource(strings = {"pg_database", "pg_roles", "pg_user", "pg_tablespace"})
  void whatIsReadBehindAViewIsNotExplained(String view) throws SQLException {
    try (var session = session("acme", Level.READ)) {
      String sql = "explain (analyze, verbose, buffers off) select * from lb_catalog." + view;
      var plan = new ArrayList<String>();
      try (var statement = session.createStatement();
          var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          plan.add(rows.getString(1));
        }
      }
      assertThat(plan.getFirst()).startsWith("Function Scan on lb_catalog.only_" + view);
      assertThat(String.join("\n", plan)).doesNotContain("Removed", "Seq Scan", "Index");
    }
  }

  @Test
  void itsOwnerReadsNoColumnThatSessionsMayNotReadButOfDatabasesRolesTablespacesAndPolicies()
      throws SQLException {
    try (var superuser = helpdesk.superuser()) {
      assertThat(
              answer(
                  superuser,
                  """
                  select string_agg(distinct c.relname, ',' order by c.relname)
                    from pg_class c join pg_attribute a on a.attrelid = c.oid
                   where c.relnamespace = 'pg_catalog'::regnamespace and a.attnum > 0
                     and has_column_privilege('lb_view', c.oid, a.attnum, 'select')
                     and not has_column_privilege('lb_level_read', c.oid, a.attnum, 'select')
                  """))
          .isEqualTo("pg_database,pg_policy,pg_roles,pg_tables,pg_tablespace,pg_user,pg_views");
      assertThat(answer(superuser, "select has_table_privilege('lb_view', 'pg_class', 'select')"))
          .isEqualTo("f");
    }
  }

  @Test
  void theyArePartOfTheFence() {
    helpdesk.asSuperuser("alter view lb_catalog.pg_class set (security_barrier = false)");
    helpdesk.asSuperuser("create view lb_catalog.pg_authid as select 1 as one");
    assertThat(helpdesk.check().deviations())
        .extracting(Deviation::kind)
        .contains("view-changed", "view-unexpected");
    helpdesk.asSuperuser("alter view lb_catalog.pg_class set (security_barrier = true)");
    helpdesk.asSuperuser("drop view lb_catalog.pg_authid");
  }
}
