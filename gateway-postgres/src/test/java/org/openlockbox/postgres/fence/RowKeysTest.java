package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Whether the columns that tie rows to tenants are compared as the unique index behind them
/// compares: what differs lets one value stand for rows of two tenants, and is refused.
class RowKeysTest {
  private static final String BEFORE =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create collation shop.alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create extension citext schema shop;
      create domain shop.code as text;
      create domain shop.short_code as shop.code;
      create domain shop.alike_code as text collate shop.alike;
      create type shop.size as enum ('s', 'm');
      create type shop.uuid as (a int);
      create function shop.same(text, text) returns boolean language sql immutable
        return lower($1) = lower($2);
      create operator shop.= (leftarg = text, rightarg = text, function = shop.same);
      create function shop.folded(text, text) returns int language sql immutable
        return btfloat8cmp(length($1), length($2));
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: row_keys, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          unlisted: note
          tables:
            parents: {}
            children: {tenant: "parent in (select key from parents)"}
      """;

  private static FencedDatabase database;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), BEFORE, YAML, "acme");
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @ParameterizedTest(name = "{0} on {1}: parents {2}; children {3}; {4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          link-collation    | shop.parents.key     | text collate shop.alike primary key     | text collate shop.alike   |
          link-collation    | shop.children.parent | text primary key                        | text collate shop.alike   |
          link-collation    | shop.parents.key     | text collate shop.alike primary key     | text                      |
          link-collation    | shop.parents.key     | text collate shop.alike                 | text collate shop.alike   | create unique index on shop.parents (key collate "C")
          link-collation    | shop.parents.key     | shop.alike_code primary key             | shop.alike_code           |
          parent-not-unique | shop.parents.key     | text                                    | text                      | create unique index on shop.parents (key collate "C")
          parent-not-unique | shop.parents.key     | text                                    | text                      | create unique index on shop.parents (key collate shop.alike)
          parent-not-unique | shop.parents.key     | text                                    | text                      | create unique index on shop.parents (key text_pattern_ops)
          parent-not-unique | shop.parents.key     | text                                    | text                      | create operator class shop.lengths for type text using btree as operator 1 < , operator 2 <= , operator 3 = , operator 4 >= , operator 5 > , function 1 shop.folded(text, text); create unique index on shop.parents (key shop.lengths)
          parent-not-unique | shop.parents.key     | text                                    | text                      | create unique index on shop.parents (lower(key))
          parent-not-unique | shop.parents.key     | text                                    | text                      | create unique index on shop.parents (key) where tenant_id = 1
          parent-not-unique | shop.parents.key     | text                                    | text                      | alter table shop.parents add unique (key) deferrable
          parent-not-unique | shop.parents.key     | text                                    | text                      | alter table shop.parents add exclude using btree (key with =)
          parent-not-unique | shop.parents.key     | int primary key                         | int                       | create table shop.more () inherits (shop.parents); insert into shop.more values (1, 1)
          link-type         | shop.children.parent | bigint primary key                      | float8                    |
          link-type         | shop.children.parent | float8 primary key                      | bigint                    |
          link-type         | shop.children.parent | bigint primary key                      | numeric                   |
          link-type         | shop.children.parent | real primary key                        | float8                    |
          link-type         | shop.children.parent | text primary key                        | char(4)                   |
          link-type         | shop.children.parent | char(4) primary key                     | varchar(4)                |
          link-type         | shop.children.parent | text primary key                        | name                      |
          link-type         | shop.children.parent | timestamptz primary key                 | timestamp                 |
          link-type         | shop.children.parent | timestamp primary key                   | date                      |
          link-type         | shop.children.parent | text primary key                        | uuid                      |
          link-type         | shop.children.parent | text primary key                        | shop.citext               |
          link-type         | shop.children.parent | shop.citext primary key                 | text                      |
          link-type         | shop.parents.key     | int[] primary key                       | int[]                     |
          link-type         | shop.parents.key     | int4range primary key                   | int4range                 |
          link-type         | shop.parents.key     | shop.uuid primary key                   | shop.uuid                 |
          """)
  void whatDoesNotCompareAsTheIndexDoesIsRefused(
      String kind, String subject, String parent, String child, @Nullable String more)
      throws SQLException {
    make(parent, child, more);
    assertThat(database.planned())
        .isInstanceOfSatisfying(
            FencePlan.Impossible.class,
            refused ->
                assertThat(refused.why())
                    .extracting(Deviation::kind, Deviation::subject)
                    .contains(Tuple.tuple(kind, subject)));
    assertThat(database.check().deviations())
        .extracting(Deviation::kind, Deviation::subject)
        .contains(Tuple.tuple(kind, subject));
  }

  @ParameterizedTest(name = "parents {0}; children {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int primary key                   | bigint                | 7 | 8
          bigint primary key                | smallint              | 7 | 8
          smallint primary key              | int                   | 7 | 8
          uuid primary key                  | uuid                  | 00000000-0000-0000-0000-00000000000a | 00000000-0000-0000-0000-00000000000b
          text primary key                  | varchar(20)           | k | K
          varchar(20) primary key           | text                  | k | K
          shop.short_code primary key       | shop.code             | k | K
          text primary key                  | shop.short_code       | k | K
          text collate "C" primary key      | text                  | k | K
          text primary key                  | text collate "C"      | k | K
          text collate "POSIX" primary key  | varchar collate "C"   | k | K
          char(4) primary key               | char(8)               | k | K
          numeric primary key               | numeric(10, 2)        | 7 | 8
          date primary key                  | date                  | 2026-01-01 | 2026-01-02
          timestamptz primary key           | timestamptz           | 2026-01-01 00:00:00Z | 2026-01-02 00:00:00Z
          bytea primary key                 | bytea                 | k | K
          float8 primary key                | float8                | 7 | 8
          shop.citext primary key           | shop.citext           | k | l
          shop.size primary key             | shop.size             | s | m
          """)
  void whatComparesAsTheIndexDoesStands(String parent, String child, String own, String other)
      throws SQLException {
    make(parent, child, "");
    database.asSuperuser(
        """
        insert into shop.parents values (1, '%1$s'), (2, '%2$s');
        insert into shop.children values ('%1$s', 'acme-row'), ('%2$s', 'globex-row');
        """
            .formatted(own, other));
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
    for (String tenant : List.of("acme", "globex")) {
      try (Connection session = database.session(tenant, Level.READ)) {
        assertThat(answer(session, "select string_agg(note, ',') from children"))
            .isEqualTo(tenant + "-row");
      }
    }
  }

  @Test
  void aReferenceThatAWriteMaySetIsHeldToTheSameRule() throws SQLException {
    make("int primary key", "int", "");
    database.asSuperuser(
        """
        alter table shop.parents add column label text collate shop.alike unique;
        alter table shop.children add column label text collate shop.alike references shop.parents (label);
        """);
    assertThat(database.check().deviations())
        .extracting(Deviation::kind, Deviation::subject)
        .contains(Tuple.tuple("link-collation", "shop.parents.label"));
  }

  @Test
  void aCastOfTheApplicationsOwnDoesNotReadTheTenant() throws SQLException {
    make("int primary key", "int", "");
    database.asSuperuser(
        """
        create function shop.parsed(text) returns int language sql immutable return 1;
        create cast (text as int) with function shop.parsed(text) as assignment;
        """);
    try {
      assertThat(database.check().deviations())
          .extracting(Deviation::kind, Deviation::subject)
          .contains(Tuple.tuple("tenant-cast", "shop.parents.tenant_id"));
    } finally {
      database.asSuperuser("drop function shop.parsed(text) cascade");
    }
  }

  @ParameterizedTest(name = "acme: {0}, globex: {1}, column {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1   | '01'   | int
          1   | '+1'   | bigint
          1   | one    | smallint
          0A000000-0000-0000-0000-000000000001 | 0a000000-0000-0000-0000-000000000001 | uuid
          0a000000-0000-0000-0000-000000000001 | '{0a000000000000000000000000000001}' | uuid
          """)
  void valuesOfTwoTenantsAreTwoValuesOfTheColumn(String acme, String globex, String type)
      throws SQLException {
    make("int primary key", "int", "");
    database.asSuperuser(
        "alter table shop.parents drop tenant_id, add tenant_id " + type + " not null");
    var spec =
        Catalogue.parse(
                "resources.yaml",
                YAML.replace("${port}", "1")
                    .replace(
                        "{acme: 1, globex: 2}", "{acme: " + acme + ", globex: " + globex + "}"))
            .resources()
            .getFirst();
    try (var connection = database.superuser()) {
      assertThat(CatalogueCheck.obstacles(spec, DatabaseSchema.read(connection, spec)))
          .extracting(Deviation::kind, Deviation::subject)
          .containsExactly(Tuple.tuple("tenant-value", "shop.parents.tenant_id"));
    }
  }

  private static void make(String parent, String child, @Nullable String more) {
    database.asSuperuser(
        """
        drop table if exists shop.children, shop.parents cascade;
        drop operator family if exists shop.lengths using btree;
        create table shop.parents (tenant_id int not null, key %s not null);
        create table shop.children (parent %s not null, note text);
        """
                .formatted(parent, child)
            + (more == null ? "" : more));
  }
}
