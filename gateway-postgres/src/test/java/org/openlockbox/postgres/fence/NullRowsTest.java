package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Rows without a tenant, and rows whose link to a parent is null, on both sides of every link:
/// they belong to nobody. No session sees, counts, changes or makes one.
class NullRowsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create table shop.users (id int primary key, code int unique, tenant_id int, note text default 'made');
      create table shop.notes (id int primary key, user_code int references shop.users (code) on delete set null, note text);
      create table shop.marks (id int primary key, note_id int references shop.notes, note text);
      create table shop.hidden (id int primary key, tenant_id int, note text);
      insert into shop.users values
        (1, 1, 1, 'acme'), (2, 2, 2, 'globex'), (3, 3, null, 'nobody'), (4, null, 1, 'acme'), (5, null, null, 'nobody'),
        (6, null, 2, 'globex');
      insert into shop.notes values
        (1, 1, 'acme'), (2, 2, 'globex'), (3, 3, 'nobody'), (4, null, 'nobody');
      insert into shop.marks values
        (1, 1, 'acme'), (2, 2, 'globex'), (3, 3, 'nobody'), (4, 4, 'nobody'), (5, null, 'nobody');
      insert into shop.hidden values (1, 1, 'acme'), (2, 2, 'globex'), (3, null, 'nobody');
      create materialized view shop.totals as select tenant_id, count(*) as n, min(note) as note from shop.users group by tenant_id;
      alter table shop.notes enable row level security;
      create policy everybody on shop.notes using (true);
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: null_rows, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            users: {}
            notes: {tenant: user_code in (select code from users)}
            marks: {tenant: note_id in (select id from notes)}
            hidden: {hide: [tenant_id]}
            totals: {}
      """;

  private static final List<String> TABLES = List.of("users", "notes", "marks", "hidden", "totals");

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
  void theFenceStandsAndSaysWhatCanBeNull() {
    assertThat(database.check().deviations()).isEmpty();
    assertThat(database.check().found())
        .filteredOn(found -> found.kind().equals("tenant-nullable"))
        .extracting(Deviation::subject, Deviation::sentence)
        .contains(
            Tuple.tuple(
                "shop.notes.user_code",
                "shop.notes.user_code can be null: such rows belong to nobody, and no session sees"
                    + " them."))
        .hasSize(4);
  }

  @Test
  void noSessionSeesARowOfNobody() throws SQLException {
    for (String tenant : List.of("acme", "globex")) {
      for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
        try (Connection session = database.session(tenant, level)) {
          for (String table : TABLES) {
            assertThat(answer(session, "select string_agg(distinct note, ',') from " + table))
                .as("%s at %s: %s", tenant, level, table)
                .isEqualTo(tenant);
            assertThat(
                    answer(
                        session,
                        "select count(*) from %s where note = 'nobody' or note is null"
                            .formatted(table)))
                .isEqualTo("0");
          }
          assertThat(answer(session, "select count(*) from users where tenant_id is null"))
              .isEqualTo("0");
          assertThat(
                  answer(
                      session,
                      "select count(*) from users left join notes on user_code is not distinct from code"
                          + " left join marks on note_id is not distinct from notes.id"))
              .isEqualTo("2");
        }
      }
      try (Connection session = database.session(tenant, Level.METADATA)) {
        assertThat(
                answer(
                    session,
                    "select string_agg(table_name || ' ' || own_rows, ', ' order by table_name) from row_counts"))
            .isEqualTo("hidden 1, marks 1, notes 1, totals 1, users 2");
      }
    }
  }

  @Test
  void noWriteMakesARowOfNobodyOrTakesOne() throws SQLException {
    try (Connection session = database.session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      assertThat(answer(session, "insert into users (id) values (10)")).isEqualTo("1 rows");
      assertThat(answer(session, "select tenant_id || note from users where id = 10"))
          .isEqualTo("1made");
      session.rollback();
      for (String refused :
          List.of(
              "insert into notes (id, user_code, note) values (10, null, 'x')",
              "insert into notes (id, note) values (10, 'x')",
              "insert into notes (id, user_code) values (10, 3)",
              "insert into marks (id, note_id) values (10, null)",
              "insert into marks (id, note_id) values (10, 4)",
              "insert into hidden (id) values (10)")) {
        assertThat(answer(session, refused)) // by a policy, or by the view's check
            .as(refused)
            .isIn("refused 42501", "refused 44000");
        session.rollback();
      }
      for (String refused :
          List.of(
              "insert into users (id, tenant_id) values (10, null)",
              "update users set tenant_id = null",
              "update notes set user_code = null",
              "update hidden set tenant_id = null")) {
        assertThat(answer(session, refused)).as(refused).startsWith("refused");
        session.rollback();
      }
    }
  }

  @Test
  void noWriteReachesARowOfNobody() throws SQLException {
    try (Connection session = database.session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      for (String unseen :
          List.of(
              "update users set note = 'x' where id in (3, 5)",
              "update users set note = 'x' where tenant_id is null",
              "update notes set note = 'x' where id in (3, 4)",
              "update hidden set note = 'x' where id = 3",
              "delete from marks where id in (3, 4, 5)")) {
        assertThat(answer(session, unseen)).as(unseen).isEqualTo("0 rows");
        session.rollback();
      }
    }
  }

  @Test
  void aTriggerThatTakesTheTenantAwayMakesTheWriteFail() throws SQLException {
    database.asSuperuser(
        """
        create function shop.forget() returns trigger language plpgsql as 'begin new.tenant_id := null; return new; end';
        revoke all on function shop.forget() from public;
        create trigger forget before insert or update on shop.users for each row execute function shop.forget();
        """);
    try (Connection session = database.session("acme", Level.WRITE)) {
      for (String forgets :
          List.of("insert into users (id) values (11)", "update users set note = 'x'")) {
        assertThat(answer(session, forgets)).isIn("refused 42501", "refused 44000");
      }
    } finally {
      database.asSuperuser("drop function shop.forget() cascade");
    }
  }

  @Test
  void aRowThatLosesItsParentIsSeenByNobodyAnyMore() throws SQLException {
    try (Connection session = database.session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      assertThat(answer(session, "delete from users where id = 1")).isEqualTo("1 rows");
      assertThat(answer(session, "select count(*) from notes")).isEqualTo("0");
      assertThat(answer(session, "select count(*) from marks")).isEqualTo("0");
      session.rollback();
    }
  }
}
