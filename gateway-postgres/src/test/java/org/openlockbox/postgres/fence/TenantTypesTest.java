package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The types that a tenant column may have: two tenants with a canary each, every level, a write,
/// and the values that would be one.
class TenantTypesTest {
  private static final String BEFORE =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema "Shop";
      create extension citext schema "Shop";
      create type "Shop"."Who is" as enum ('acme', 'globex', 'ACME', 'a''c\\me');
      create type "Shop".uuid as enum ('acme', 'globex');
      create domain "Shop".key as uuid check (value is not null);
      create domain "Shop".code as varchar(6);
      create domain "Shop".short_code as "Shop".code;
      create domain "Shop".side as "Shop"."Who is";
      create domain "Shop".folded as "Shop".citext;
      create collation "Shop".alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
      create table "Shop".parents ("Id" serial primary key, tenant ${type}, note text);
      create table "Shop".children (parent int not null references "Shop".parents, note text);
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: tenant_types, tls: disable, minimumVersion: 18.6}
          schema: '"Shop"'
          tenancy: {column: tenant, values: {acme: %s, globex: %s}}
          levels: [metadata, masked, read, write]
          tables:
            parents: {}
            children: {tenant: 'parent in (select "Id" from parents)'}
      """;

  private Optional<FencedDatabase> made = Optional.empty();

  private FencedDatabase database() {
    return made.orElseThrow();
  }

  @AfterEach
  void close() throws SQLException {
    database().close();
  }

  private void make(String type, String acme, String globex) {
    made =
        Optional.of(
            new FencedDatabase(
                Helpdesk.server(),
                BEFORE.replace("${type}", type),
                YAML.formatted(acme, globex),
                "acme"));
  }

  private void fill(String tenant) {
    String value =
        database().spec().tenancy().valueOf(new TenantId(tenant)).orElseThrow().replace("'", "''");
    database()
        .asSuperuser(
            """
            insert into "Shop".parents (tenant, note) values ('%1$s', '%2$s');
            insert into "Shop".children select "Id", note from "Shop".parents where note = '%2$s';
            """
                .formatted(value, tenant));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "Shop"."Who is"        | acme | globex
          "Shop"."Who is"        | acme | ACME
          "Shop"."Who is"        | "a'c\\\\me" | globex
          "Shop".uuid            | acme | globex
          "Shop".side            | acme | globex
          char(36)               | acme | globex
          char(4)                | acme | 'ac'
          bpchar                 | acme | globex
          numeric                | 1    | 2
          numeric(30, 4)         | 1.5  | -2
          numeric(20)            | 12345678901234567891 | 12345678901234567892
          uuid                   | 00000000-0000-0000-0000-00000000000a | 00000000-0000-0000-0000-00000000000b
          "Shop".key             | 00000000-0000-0000-0000-00000000000a | 00000000-0000-0000-0000-00000000000b
          "Shop".short_code      | acme | globex
          "Shop".citext          | acme | globex
          "Shop".folded          | acme | globex
          varchar(6)             | acme | globex
          """)
  void eachTenantSeesAndWritesItsOwn(String type, String acme, String globex) throws SQLException {
    make(type, acme, globex);
    fill("acme");
    fill("globex");
    database()
        .asSuperuser(
            type.endsWith("key") ? "" : "insert into \"Shop\".parents (note) values ('nobody')");
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    for (String tenant : List.of("acme", "globex")) {
      for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
        try (Connection session = database().session(tenant, level)) {
          for (String table : List.of("parents", "children")) {
            assertThat(answer(session, "select string_agg(note, ',') from " + table))
                .as("%s at %s", tenant, level)
                .isEqualTo(tenant);
          }
        }
      }
      try (Connection session = database().session(tenant, Level.WRITE)) {
        assertThat(answer(session, "insert into parents (note) values ('new')"))
            .isEqualTo("1 rows");
        assertThat(answer(session, "select count(distinct tenant) || ' ' || count(*) from parents"))
            .isEqualTo("1 2");
        assertThat(answer(session, "delete from parents where note = 'new'")).isEqualTo("1 rows");
      }
    }
  }

  /// The application takes `ACME` and `acme` for one tenant, and so does the fence.
  @Test
  void citextIsComparedByItsOwnEquality() throws SQLException {
    make("\"Shop\".citext unique", "acme", "globex");
    database()
        .asSuperuser(
            """
        alter table "Shop".parents drop constraint parents_tenant_key;
        insert into "Shop".parents (tenant, note) values ('ACME', 'a'), ('acme', 'a'), ('Globex', 'g'), ('acme ', 'x');
        create schema other;
        create function other.always("Shop".citext, "Shop".citext) returns boolean language sql immutable as 'select true';
        create operator other.= (leftarg = "Shop".citext, rightarg = "Shop".citext, function = other.always);
        """);
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    try (Connection session = database().session("acme", Level.READ)) {
      assertThat(answer(session, "select string_agg(note, '') from parents")).isEqualTo("aa");
    }
    try (Connection session = database().session("globex", Level.READ)) {
      assertThat(answer(session, "select string_agg(note, '') from parents")).isEqualTo("g");
    }
  }

  @ParameterizedTest(name = "{0}: {2} and {3} as {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tenant-value     | "Shop"."Who is" | acme  | initech
          tenant-value     | numeric         | 1     | '1.0'
          tenant-value     | numeric         | 1     | '+1'
          tenant-value     | numeric         | 1     | 'NaN'
          tenant-value     | numeric         | 1     | '1e0'
          tenant-value     | char(9)         | acme  | 'acme '
          tenant-value     | "Shop".citext   | acme  | Acme
          tenant-value     | "Shop".citext   | acme  | ácme
          tenant-collation | text collate "Shop".alike     | acme  | globex
          tenant-collation | char(8) collate "Shop".alike  | acme  | globex
          tenant-type      | float8          | 1     | 2
          tenant-type      | boolean         | true  | false
          tenant-type      | text[]          | '{a}' | '{b}'
          tenant-type      | jsonb           | '1'   | '2'
          """)
  void whatCannotTellTwoTenantsApartIsRefusedWithItsReason(
      String kind, String type, String acme, String globex) throws SQLException {
    make(type, acme, globex);
    try (var superuser = database().superuser()) {
      assertThat(
              CatalogueCheck.obstacles(
                  database().spec(), DatabaseSchema.read(superuser, database().spec())))
          .extracting(Deviation::kind, Deviation::subject)
          .containsExactly(Tuple.tuple(kind, "\"Shop\".parents.tenant"));
    }
  }

  /// An operator of somebody's own in `pg_catalog` would be found before the one of all enums.
  @Test
  void anEqualityOfSomebodysOwnForAnEnumIsRefused() throws SQLException {
    make("\"Shop\".\"Who is\"", "acme", "globex");
    database()
        .asSuperuser(
            """
        set allow_system_table_mods = on;
        create function pg_catalog.all_one("Shop"."Who is", "Shop"."Who is") returns boolean language sql immutable
          as 'select true';
        create operator pg_catalog.= (leftarg = "Shop"."Who is", rightarg = "Shop"."Who is", function = pg_catalog.all_one);
        """);
    try (var superuser = database().superuser()) {
      assertThat(
              CatalogueCheck.obstacles(
                  database().spec(), DatabaseSchema.read(superuser, database().spec())))
          .extracting(Deviation::kind)
          .containsExactly("tenant-type");
    }
  }

  @Test
  void aCatalogueIsReadWithItsNamesAsPostgresqlWritesThem() {
    make("int", "1", "2");
    assertThat(
            Catalogue.parse("resources.yaml", YAML.formatted("1", "2").replace("${port}", "1"))
                .resources()
                .getFirst()
                .tables())
        .extracting(table -> table.name().toString())
        .containsExactly("\"Shop\".parents", "\"Shop\".children");
  }
}
