package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Rows that belong to the one or the other parent, as Keycloak's protocol mappers do: to the
/// tenant of all the parents that a row has, and to nobody if it has none, or two of two tenants.
class AlternativeParentsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create table shop.client (id text primary key, tenant_id int);
      create table shop.client_scope (kind int, id int, tenant_id int, primary key (kind, id));
      create table shop.mapper (id serial primary key, client_id text, scope_kind int, scope_id int, note text);
      create table shop.setting (mapper_id int not null references shop.mapper, note text);
      insert into shop.client values ('a', 1), ('g', 2), ('n', null);
      insert into shop.client_scope values (1, 1, 1), (1, 2, 2), (1, 3, null);
      insert into shop.mapper (client_id, scope_kind, scope_id, note) values
        ('a', null, null, 'acme'), (null, 1, 1, 'acme'), ('a', 1, 1, 'acme'),
        ('g', null, null, 'globex'), (null, 1, 2, 'globex'), ('g', 1, 2, 'globex'),
        (null, null, null, 'nobody'), ('a', 1, 2, 'nobody'), ('g', 1, 1, 'nobody'), ('n', null, null, 'nobody'),
        ('n', 1, 1, 'nobody'), ('a', 1, 3, 'nobody'), ('a', 9, 9, 'nobody'), ('x', 1, 1, 'nobody'),
        ('a', 1, null, 'nobody'), ('a', null, 1, 'nobody'), (null, 1, null, 'nobody');
      insert into shop.setting select id, note from shop.mapper;
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: alternative_parents, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            client: {}
            client_scope: {}
            mapper:
              tenant: >-
                client_id in (select id from client)
                or (scope_kind, scope_id) in (select kind, id from client_scope)
            setting: {tenant: mapper_id in (select id from mapper)}
      """;

  private static FencedDatabase database;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme").applyPlan();
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @Test
  void aRowBelongsToTheTenantOfAllItsParents() throws SQLException {
    assertThat(database.check().deviations()).isEmpty();
    for (String tenant : List.of("acme", "globex")) {
      for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
        try (Connection session = database.session(tenant, level)) {
          for (String table : List.of("mapper", "setting")) {
            assertThat(answer(session, "select string_agg(note, ',') from " + table))
                .as("%s at %s: %s", tenant, level, table)
                .isEqualTo(String.join(",", tenant, tenant, tenant));
          }
        }
      }
      try (Connection session = database.session(tenant, Level.METADATA)) {
        assertThat(answer(session, "select own_rows from row_counts where table_name = 'mapper'"))
            .isEqualTo("3");
      }
    }
  }

  @Test
  void noWriteLeadsToAParentOfAnotherTenant() throws SQLException {
    try (Connection session = database.session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      String into = "insert into mapper (client_id, scope_kind, scope_id) values ";
      for (String inside : List.of("('a', null, null)", "(null, 1, 1)", "('a', 1, 1)")) {
        assertThat(answer(session, into + inside)).as(inside).isEqualTo("1 rows");
        session.rollback();
      }
      for (String outside :
          List.of(
              "('g', null, null)",
              "(null, 1, 2)",
              "('a', 1, 2)",
              "('g', 1, 1)",
              "(null, null, null)",
              "('n', 1, 1)",
              "('a', 1, null)",
              "('x', 1, 1)")) {
        assertThat(answer(session, into + outside))
            .as(outside)
            .isIn("refused 42501", "refused 44000");
        session.rollback();
      }
      for (String link : List.of("client_id = 'a'", "scope_kind = 1", "scope_id = null")) {
        assertThat(answer(session, "update mapper set " + link)).isEqualTo("refused 42501");
        session.rollback();
      }
    }
  }
}
