package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;

/// Writes that name the tenant column, as object-relational mappers do: the tenant's own value
/// passes, any other is refused, and where the refusal could tell of others' rows the column cannot
/// be named at all.
class TenantColumnTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create table notes (id serial primary key, tenant_id int not null, body text not null);
      create table replies (
        id serial primary key, note_id int not null references notes, body text not null);
      create table people (id serial primary key, tenant_id int not null, email text not null);
      create unique index people_email on people (tenant_id, lower(email));
      create table parts (tenant_id int not null, body text) partition by list (tenant_id);
      create table parts_acme partition of parts for values in (1);
      create table parts_globex partition of parts for values in (2);
      create table touched (tenant_id int not null, body text, at timestamptz);
      create function touch() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
      create trigger touched before insert or update on touched for each row execute function touch();
      create table numbered (tenant_id int not null, number int, body text);
      create function number() returns trigger language plpgsql security definer as $$
      begin
        new.number := (select coalesce(max(number), 0) + 1 from public.numbered where tenant_id = new.tenant_id);
        return new;
      end $$;
      create trigger numbered before insert on numbered for each row execute function number();
      create table guarded (tenant_id int not null, code text not null, unique (tenant_id, code));
      alter table guarded enable row level security;
      insert into notes (tenant_id, body) values (1, 'acme-note'), (2, 'globex-note');
      insert into people (tenant_id, email) values (1, 'ada@mail.test'), (2, 'bob@mail.test');
      insert into numbered (tenant_id, body) select 2, 'x' from generate_series(1, 57);
      insert into guarded values (1, 'a'), (2, 'globex-code');
      """;

  private static final String YAML =
      """
      resources:
        - id: notes
          name: Notes
          postgres: {host: 127.0.0.1, port: ${port}, database: tenant_column_test, tls: disable, minimumVersion: 18.6}
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [read, write]
          filter: views
          tables:
            notes: {}
            replies: {tenant: note_id in (select id from notes)}
            people: {}
            parts: {}
            touched: {}
            numbered: {}
            guarded: {}
      """;

  private static FencedDatabase database;
  private static Connection write;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme").applyPlan();
    write = database.session("acme", Level.WRITE);
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into notes (tenant_id, body) values (1, 'a')",
        "insert into notes (tenant_id, body) values ('01', 'a'), (default, 'b'), (1::smallint, 'c')",
        "insert into notes values (default, 1, 'a')",
        "insert into notes (tenant_id, body) select tenant_id, body from notes limit 1",
        "insert into notes (tenant_id, body) values (1, 'a') on conflict do nothing",
        "update notes set tenant_id = 1, body = 'x'",
        "update notes set tenant_id = default",
        "update notes set (tenant_id, body) = (select 1, 'y')",
        "merge into notes n using (values (1)) v (t) on false when not matched then insert (tenant_id, body) values (v.t, 'm')",
        "insert into touched (tenant_id, body) values (1, 'a')",
        "insert into guarded values (1, 'b')",
        "update guarded set tenant_id = 1"
      })
  void theTenantsOwnValueIsAccepted(String sql) throws SQLException {
    write.setAutoCommit(false);
    try {
      assertThat(answer(write, sql)).endsWith(" rows").isNotEqualTo("0 rows");
    } finally {
      write.rollback();
      write.setAutoCommit(true);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into notes (tenant_id, body) values (2, 'a')",
        "insert into notes (tenant_id, body) values (1, 'a'), (2, 'b')",
        "insert into notes (tenant_id, body) values (null, 'a')",
        "insert into notes (tenant_id, body) select 3 - tenant_id, body from notes",
        "insert into notes (tenant_id, body) values (2, 'a') returning *",
        "insert into notes (tenant_id, body) values (2, 'a') on conflict do nothing",
        "insert into notes (id, tenant_id, body) values (1, 1, 'a') on conflict (id) do update set tenant_id = 2",
        "update notes set tenant_id = 2",
        "update notes set tenant_id = tenant_id + 1 returning *",
        "update notes set tenant_id = null",
        "update notes n set tenant_id = v.t from (values (2)) v (t)",
        "with moved as (update notes set tenant_id = 2 returning *) select * from moved",
        "merge into notes n using (values (2)) v (t) on true when matched then update set tenant_id = v.t",
        "insert into touched (tenant_id, body) values (2, 'a')",
        "insert into guarded values (2, 'globex-code')",
        "insert into guarded values (2, 'another')",
        "update guarded set tenant_id = 2, code = 'globex-code'",
        "update guarded set tenant_id = 2, code = 'another'"
      })
  void anotherValueIsRefusedWhateverIsThere(String sql) throws SQLException {
    String before = state();
    String refusal = sql.contains("guarded") ? "42501" : sql.contains("null") ? "23502" : "44000";
    assertThat(answer(write, sql)).isEqualTo("refused " + refusal);
    assertThat(state()).isEqualTo(before);
  }

  private static String state() throws SQLException {
    try (var superuser = database.superuser()) {
      return answer(superuser, "select string_agg(n::text, ' ' order by id) from notes n")
          + answer(superuser, "select string_agg(g::text, ' ' order by g) from guarded g")
          + answer(superuser, "select count(*) from touched");
    }
  }

  /// A unique key, a partition and a trigger with rights of its own come before the check of the
  /// view: another tenant's value would be answered in two ways, by what that tenant has.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into people (tenant_id, email) values (2, 'BOB@mail.test')",
        "insert into people (tenant_id, email) values (2, 'nobody@mail.test')",
        "insert into people (tenant_id, email) values (2, 'bob@mail.test') on conflict do nothing",
        "insert into people (tenant_id, email) values (1, 'new@mail.test')",
        "update people set tenant_id = 2, email = 'bob@mail.test'",
        "insert into parts values (2, 'x')",
        "insert into parts values (3, 'x')",
        "update parts set tenant_id = 2",
        "insert into numbered (tenant_id, number, body) values (2, 0, 'x')",
        "update replies set note_id = note_id"
      })
  void whereARefusalWouldTellOfOthersTheColumnCannotBeNamed(String sql) {
    assertThat(answer(write, sql)).isEqualTo("refused 42501");
  }

  @Test
  void aKeyThatIsMadeLaterBreaksTheFenceUntilThePlanIsAppliedAgain() throws SQLException {
    database.asSuperuser("create unique index later on notes (tenant_id, body)");
    try {
      assertThat(database.check().deviations())
          .extracting(Deviation::kind, Deviation::subject)
          .containsExactly(Tuple.tuple("tenant-exposed", "public.notes"));
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      assertThat(answer(write, "insert into notes (tenant_id, body) values (1, 'a')"))
          .isEqualTo("refused 42501");
    } finally {
      database.asSuperuser("drop index later");
    }
    assertThat(database.check().found())
        .extracting(Deviation::kind, Deviation::subject)
        .contains(Tuple.tuple("tenant-settable", "public.notes"));
    assertThat(database.check().deviations()).isEmpty();
    database.applyPlan();
    assertThat(database.check().found())
        .extracting(Deviation::kind)
        .doesNotContain("tenant-settable");
  }

  @Test
  void theRefusalSaysWhichColumnsAreMeant() {
    WriteHints hints = database.check().hints();
    assertThat(
            hints.denied("people", "insert into people (id, tenant_id, email) values (1, 1, 'a')"))
        .hasValue("Leave out tenant_id: the database fills in what is left out.");
    assertThat(hints.denied("replies", "update replies set note_id = 7"))
        .hasValue("No UPDATE sets note_id: whose a row is does not change.");
    assertThat(hints.outside("notes", "update notes set tenant_id = 2"))
        .hasValue("tenant_id must be this customer's own.");
    assertThat(hints.outside("replies", "insert into replies values (1, 2, 'x')"))
        .hasValue("note_id must lead to a row of this customer that is there already.");
    assertThat(hints.denied("people", " -- a\n/* b */ COPY people FROM STDIN"))
        .hasValue("PostgreSQL copies into tables only, and here are views: use INSERT.");
    assertThat(hints.denied("nothing", "x")).isEmpty();
  }
}
