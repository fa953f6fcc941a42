package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// Tables in which the tenant is a part of a column: the beginning of a path, of a code, a member
/// of a document. Values that are nearly the tenant's belong to nobody.
class TenantExpressionsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create collation shop.loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
      create table shop.files (id int primary key, path text collate shop.loose, note text);
      create table shop.codes (code varchar(20), note text);
      create table shop.events (id int primary key, data jsonb, note text);
      create table shop.parts (file_id int not null, note text);
      insert into shop.files values
        (1, 'acme/a/globex', 'acme'), (2, 'globx/b/acme', 'globx'), (3, 'Acme/a', 'nobody'), (4, '/acme/x', 'nobody'),
        (5, 'acme ', 'nobody'), (6, null, 'nobody'), (7, '', 'nobody'), (8, 'ACME', 'nobody'), (9, 'acme', 'acme'),
        (10, 'äcme/x', 'nobody'), (11, e'acme\\n/x', 'nobody');
      insert into shop.codes values
        ('acme-1', 'acme'), ('globx1', 'nobody'), ('acmE-2', 'nobody'), ('glob', 'nobody'), (null, 'nobody');
      insert into shop.events values
        (1, '{"tenant": "acme", "other": "globx"}', 'acme'), (2, '{"tenant": "globx"}', 'globx'), (3, '{"tenant": ["acme"]}', 'nobody'),
        (4, '{"a": {"tenant": "acme"}}', 'nobody'), (5, '"acme"', 'nobody'), (6, null, 'nobody'), (7, '{"tenant": null}', 'nobody'),
        (8, '{"Tenant": "acme"}', 'nobody');
      insert into shop.parts select id, note from shop.files;
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: tenant_expressions, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant, values: {acme: acme, globex: globx}}
          levels: [metadata, masked, read, write]
          filter: ${filter}
          unlisted: note
          tables:
            files: {tenant: "split_part(path, '/', 1)", mask: {path: redact}}
            events: {tenant: data ->> 'tenant', hide: [data]}
            parts: {tenant: file_id in (select id from files)}
      """;

  private static FencedDatabase open(String yaml, String filter) {
    return new FencedDatabase(Helpdesk.server(), SCHEMA, yaml.replace("${filter}", filter), "acme");
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void aRowBelongsToWhomItsColumnSays(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(YAML, filter.word())) {
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      assertThat(database.check().found())
          .filteredOn(found -> found.kind().equals("tenant-part"))
          .extracting(Deviation::subject)
          .containsExactly("shop.files.path", "shop.events.data");
      assertThat(database.check().hints().denied("files", "delete from files"))
          .hasValue(
              "files is read-only at every level: only a part of a column says whose its rows are.");
      for (String tenant : List.of("acme", "globex")) {
        String value = tenant.equals("acme") ? "acme" : "globx";
        for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
          try (Connection session = database.session(tenant, level)) {
            for (String table : List.of("files", "events", "parts")) {
              assertThat(answer(session, "select string_agg(distinct note, ',') from " + table))
                  .as("%s at %s: %s", tenant, level, table)
                  .isEqualTo(value);
            }
          }
        }
        try (Connection session = database.session(tenant, Level.METADATA)) {
          assertThat(answer(session, "select own_rows from row_counts where table_name = 'events'"))
              .isEqualTo("1");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void suchTablesAreOnlyRead(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(YAML, filter.word())) {
      database.applyPlan();
      try (Connection session = database.session("acme", Level.WRITE)) {
        session.setAutoCommit(false);
        for (String sql :
            List.of(
                "insert into files values (20, 'acme/x', 'x')",
                "update files set note = 'x'",
                "update files set path = 'globx/x'",
                "delete from files",
                "insert into events (id) values (20)",
                "delete from events")) {
          assertThat(answer(session, sql)).as(sql).isEqualTo("refused 42501");
          session.rollback();
        }
        assertThat(answer(session, "insert into parts values (1, 'x')")).isEqualTo("1 rows");
        for (String foreign : List.of("2", "3", "6", "99")) {
          assertThat(answer(session, "insert into parts values (%s, 'x')".formatted(foreign)))
              .isIn("refused 42501", "refused 44000");
          session.rollback();
        }
      }
    }
  }

  @Test
  void theFirstLettersHaveToBeAWholeValue() throws SQLException {
    String codes =
        YAML.replaceAll("(?m)^ +(files|events|parts): .*\\n", "")
            + "      codes: {tenant: \"left(code, 4)\"}\n";
    try (var refused = open(codes, "auto")) {
      assertThat(refused.obstacles()).containsExactly("tenant-value"); // globx has five
    }
    try (var database = open(codes.replace("globx", "glob"), "auto")) {
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      assertThat(
              answer(
                  database.session("acme", Level.READ), "select string_agg(note, ',') from codes"))
          .isEqualTo("acme");
      assertThat(answer(database.session("globex", Level.READ), "select count(*) from codes"))
          .isEqualTo("2");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "split_part(data, '/', 1) | tenant-type",
        "note ->> 'tenant'        | tenant-type",
        "split_part(id, '/', 1)   | tenant-type",
        "left(note, 4)            | tenant-value",
        "split_part(note, 'm', 1) | tenant-value",
        "split_part(gone, '/', 1) | tenant-column-missing"
      })
  void whatCannotTellTenantsApartGetsNoPlan(String tenant, String kind) throws SQLException {
    String yaml =
        YAML.replaceAll("(?m)^ +(files|events|parts): .*\\n", "")
            + "      events: {tenant: \"%s\"}\n".formatted(tenant);
    try (var database = open(yaml, "auto")) {
      assertThat(database.obstacles()).containsExactly(kind);
    }
  }
}
