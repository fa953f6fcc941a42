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
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Child tables whose parent has a key of several columns: the key is unique as a whole, compared
/// part by part as the index compares, or there is no plan.
class CompositeParentsTest {
  private static final String BEFORE =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create extension citext schema shop;
      create type shop.kind as enum ('in', 'out');
      create collation shop.alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create table shop.parents (tenant_id int, "No" int, kind shop.kind, code text, mail shop.citext, note text);
      create table shop.children (id serial, parent_no bigint, kind shop.kind, code varchar(9), mail shop.citext, note text);
      create table shop.leaves (id serial, child_kind shop.kind, child_no bigint, note text);
      alter table shop.children add unique (kind, parent_no);
      ${more}
      """;

  private static final String ROWS =
      """
      insert into shop.parents values
        (1, 1, 'in', 'a', 'a', 'acme'), (2, 1, 'out', 'a', 'a', 'globex'), (1, 2, 'out', 'b', 'b', 'acme'),
        (2, 7, 'in', 'f', 'f', 'globex'), (null, 8, 'in', 'g', 'g', 'nobody'), (null, 3, 'in', 'c', 'c', 'nobody'), (1, 4, null, 'd', 'd', 'acme'), (2, null, null, 'e', 'e', 'globex');
      insert into shop.children (parent_no, kind, code, mail, note) values
        (1, 'in', 'a', 'a', 'acme'), (1, 'out', 'a', 'a', 'globex'), (2, 'out', 'b', 'b', 'acme'), (2, 'in', 'b', 'b', 'nobody'),
        (3, 'in', 'c', 'c', 'nobody'), (4, null, 'd', 'd', 'nobody'), (null, null, 'e', 'e', 'nobody');
      insert into shop.leaves (child_no, child_kind, note) values (1, 'in', 'acme'), (1, 'out', 'globex'), (4, null, 'nobody'),
        (2, 'in', 'nobody'), (null, 'in', 'nobody'), (null, null, 'nobody');
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: composite_parents, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            parents: {}
            children: {tenant: '${tenant}'}
            leaves: {tenant: '(child_kind, child_no) in (select kind, parent_no from children)'}
      """;

  private static final String KEY = "(parent_no, kind) in (select \"No\", kind from parents)";

  private Optional<FencedDatabase> made = Optional.empty();

  private FencedDatabase database() {
    return made.orElseThrow();
  }

  @AfterEach
  void close() throws SQLException {
    database().close();
  }

  private void make(String more, String tenant) {
    made =
        Optional.of(
            new FencedDatabase(
                Helpdesk.server(),
                BEFORE.replace("${more}", more),
                YAML.replace("${tenant}", tenant),
                "acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table shop.parents add unique (\"No\", kind)",
        "alter table shop.parents add unique (kind, \"No\")",
        "create unique index on shop.parents (kind desc, \"No\") include (note)",
        "alter table shop.parents add unique nulls not distinct (kind, \"No\")",
      })
  void eachTenantSeesTheChildrenOfItsOwnRows(String key) throws SQLException {
    make(key + ";" + ROWS, KEY);
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    for (String tenant : List.of("acme", "globex")) {
      for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
        try (Connection session = database().session(tenant, level)) {
          for (String table : List.of("parents", "children", "leaves")) {
            assertThat(answer(session, "select string_agg(distinct note, ',') from " + table))
                .as("%s at %s: %s", tenant, level, table)
                .isEqualTo(tenant);
          }
          assertThat(answer(session, "select count(*) from children"))
              .isEqualTo(tenant.equals("acme") ? "2" : "1");
        }
      }
    }
    try (Connection session = database().session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      for (String refused :
          List.of(
              "insert into children (parent_no, kind) values (7, 'in')",
              "insert into children (parent_no, kind) values (8, 'in')",
              "insert into children (parent_no, kind) values (1, null)",
              "insert into children (parent_no) values (1)",
              "insert into leaves (child_no, child_kind) values (1, 'out')")) {
        assertThat(answer(session, refused)).as(refused).isIn("refused 42501", "refused 44000");
        session.rollback();
      }
      for (String refused :
          List.of("update children set kind = 'out'", "update children set parent_no = 1")) {
        assertThat(answer(session, refused)).as(refused).isEqualTo("refused 42501");
        session.rollback();
      }
      assertThat(answer(session, "insert into leaves (child_no, child_kind) values (2, 'out')"))
          .isEqualTo("1 rows");
      session.rollback();
    }
  }

  /// A part of the key that is unique alone makes the whole unique.
  @Test
  void oneUniquePartIsEnough() throws SQLException {
    make(
        "alter table shop.parents add unique (code); insert into shop.parents values"
            + " (1, 1, 'in', 'a', 'a', 'acme'), (2, 1, 'in', 'b', 'b', 'globex');"
            + " insert into shop.children (parent_no, code, note) values (1, 'a', 'acme'), (1, 'b', 'globex');",
        "(parent_no, code) in (select \"No\", code from parents)");
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    try (Connection session = database().session("globex", Level.READ)) {
      assertThat(answer(session, "select string_agg(note, ',') from children")).isEqualTo("globex");
    }
  }

  @ParameterizedTest(name = "{0} on {1}: {2}; {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | select
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | create index on shop.parents ("No", kind)
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | create unique index on shop.parents ("No", kind) where tenant_id = 1
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | create unique index on shop.parents ("No", kind, tenant_id)
          parent-not-unique     | shop.parents ("No", code) | (parent_no, code) in (select "No", code from parents) | create unique index on shop.parents ("No", lower(code))
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | alter table shop.parents add unique ("No", kind) deferrable
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | create unique index on shop.parents ("No", "No")
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | create unique index on shop.parents ("No", code); create unique index on shop.parents (kind, mail)
          parent-not-unique     | shop.parents ("No", kind) | (parent_no, kind) in (select "No", kind from parents) | alter table shop.parents add unique ("No", kind); create table shop.more () inherits (shop.parents)
          parent-not-unique     | shop.parents ("No", code) | (parent_no, code) in (select "No", code from parents) | create unique index on shop.parents ("No", code collate "C")
          parent-not-unique     | shop.parents ("No", code) | (parent_no, code) in (select "No", code from parents) | create unique index on shop.parents ("No", code text_pattern_ops)
          link-collation        | shop.parents.code         | (parent_no, code) in (select "No", code from parents) | alter table shop.parents alter code type text collate shop.alike; alter table shop.parents add unique ("No", code)
          link-type             | shop.children.parent_no   | (parent_no, code) in (select "No", code from parents) | alter table shop.parents alter "No" type numeric; alter table shop.parents add unique ("No", code)
          link-type             | shop.parents              | (parent_no, mail) in (select "No", mail from parents) | alter table shop.parents add unique ("No", mail)
          tenant-column-missing | shop.parents.nothing      | (parent_no, code) in (select "No", nothing from parents) | select
          tenant-column-missing | shop.children.nothing     | (parent_no, nothing) in (select "No", code from parents) | select
          """)
  void whatDoesNotCompareAsOneIndexDoesIsRefused(
      String kind, String subject, String tenant, String more) throws SQLException {
    make(more + ";", tenant);
    try (var superuser = database().superuser()) {
      assertThat(
              CatalogueCheck.obstacles(
                  database().spec(), DatabaseSchema.read(superuser, database().spec())))
          .filteredOn(found -> !found.kind().equals("table-forgotten"))
          .extracting(Deviation::kind, Deviation::subject)
          .contains(Tuple.tuple(kind, subject));
    }
  }
}
