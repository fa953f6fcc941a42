package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Tables whose rows policies hold to the tenant. A row of globex has a text that no cast to a
/// number survives: whatever looks at it says so.
class RowPoliciesTest {
  private static final String CANARY = "canary";

  static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'policies_owner') then
          create role policies_owner login;
          create role policies_app login;
        end if;
      end $$;
      create schema shop authorization policies_owner;
      grant usage on schema shop to policies_app;
      set role policies_owner;
      create table shop.people (id int primary key, tenant_id int not null, secret text not null, mail text);
      create table shop.notes (id int primary key, person_id int not null references shop.people, secret text not null);
      create table shop.lines (id int primary key, note_id int not null references shop.notes, secret text not null);
      create table shop.kinds (name text primary key);
      insert into shop.people select n, 1 + n % 2, case n % 2 when 0 then n::text else '${canary}' || n end, 'a@b.c'
        from generate_series(1, 2000) n;
      insert into shop.notes select n, n, case n % 2 when 0 then n::text else '${canary}' || n end
        from generate_series(1, 2000) n;
      insert into shop.lines select n, n, case n % 2 when 0 then n::text else '${canary}' || n end
        from generate_series(1, 2000) n;
      create index on shop.people (secret);
      create index on shop.people (tenant_id, secret);
      create index on shop.notes (person_id);
      reset role;
      analyze;
      """
          .replace("${canary}", CANARY);

  static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: row_policies, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            people: {mask: {mail: email}}
            notes: {tenant: "person_id in (select id from people)"}
            lines: {tenant: "note_id in (select id from notes)"}
            kinds: {shared: true}
      """;

  private FencedDatabase database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme");

  @BeforeEach
  void fence() {
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  static final List<String> LOOKS =
      List.of(
          "select count(*) from people where secret::int > 0",
          "select count(*) from people where not secret::int < 0 or id < 0",
          "select count(*) from people p join notes n on n.person_id = p.id and p.secret::int > 0",
          "select count(*) from people p join notes n on n.secret::int = p.secret::int",
          "select count(*) from notes n left join people p on p.secret::int = n.id",
          "select count(*) from people p full join people q on p.secret::int = q.secret::int",
          "select count(*) from lines where secret::int > 0",
          "select count(*) from lines l join notes n on n.id = l.note_id where l.secret::int = n.secret::int",
          "select count(*) from people p where exists (select from people q where q.secret::int = p.id)",
          "select count(*) from people p where p.id in (select secret::int from notes)",
          "select count(*) from people p where (select max(secret::int) from lines l where l.id = p.id) > 0",
          "select secret from people order by secret::int limit 1",
          "select max(secret::int) filter (where secret::int > 1) from people",
          "select count(*) from (select row_number() over (order by secret::int) r from people) x where r < 9",
          "select count(*) from (select distinct on (secret::int) id from notes) x",
          "select count(*) from (select secret::int k from people group by 1 having max(secret::int) > 3) x",
          "select count(*) from people p, lateral (select p.secret::int / n.secret::int from notes n limit 1) x",
          "with a as not materialized (select * from people) select count(*) from a where secret::int > 0",
          "with a as materialized (select * from people) select count(*) from a where secret::int > 0",
          "select count(*) from people where case when random() >= 0 then secret::int > 0 end",
          "select count(*) from people where secret between '0' and '9' and secret::int > 0",
          "select count(*) from people where secret > 'a' and secret::int > 0",
          "select count(*) from people where secret ~ '^c' and secret::int > 0",
          "select count(*) from people where id = 1 and secret::int > 0",
          "select count(*) from people where id = any (array[1, 3, 5]) and secret::int > 0",
          "select count(*) from people where tenant_id = 2 and secret::int > 0",
          "select count(*) from people where tenant_id <> 1 or secret::int > 0",
          "select count(*) from people union all select secret::int from notes where secret::int = 2",
          "prepare look(int) as select count(*) from people where secret::int > $1; execute look(0); deallocate look",
          "begin; declare looking cursor for select secret::int from people; fetch all from looking; commit",
          "explain (analyze, timing off) select count(*) from people where secret::int > 0");

  static final List<String> PLANS =
      List.of(
          "set enable_seqscan = on",
          "set enable_seqscan = off",
          "set enable_hashjoin = off; set enable_mergejoin = off",
          "set enable_nestloop = off; set enable_indexscan = off; set enable_bitmapscan = off",
          "set plan_cache_mode = force_generic_plan; set from_collapse_limit = 1; set join_collapse_limit = 1",
          "set max_parallel_workers_per_gather = 4; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;"
              + " set min_parallel_table_scan_size = 0; set debug_parallel_query = on");

  @Test
  void noFunctionOrOperatorSeesARowOfAnotherTenant() throws SQLException {
    for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
      for (String plan : PLANS) {
        try (var session = database.session("acme", level)) {
          answer(session, plan);
          for (String look : LOOKS) {
            assertThat(answer(session, look))
                .as("%s: %s; %s", level, plan, look)
                .doesNotContain("refused");
          }
        }
      }
    }
  }

  @Test
  void theCanarySingsWhereNobodyHoldsIt() throws SQLException {
    try (var owner = database.as("policies_owner")) {
      answer(owner, "set search_path = shop");
      assertThat(answer(owner, LOOKS.getFirst())).isEqualTo("refused 22P02");
    }
  }

  @Test
  void aWriteLooksAtNoRowOfAnotherTenantEither() {
    var session = database.session("acme", Level.WRITE);
    assertThat(answer(session, "delete from people where secret::int < 0")).isEqualTo("0 rows");
    assertThat(answer(session, "update notes set secret = secret where secret::int > 0"))
        .isEqualTo("1000 rows");
    assertThat(answer(session, "update people set mail = 'x' where tenant_id = 2"))
        .isEqualTo("0 rows");
    assertThat(answer(session, "insert into notes values (5000, 1, 'x')")).startsWith("refused");
    assertThat(answer(session, "insert into lines values (5000, 1, 'x')")).startsWith("refused");
    assertThat(answer(session, "insert into notes values (5000, 2, 'x')")).isEqualTo("1 rows");
    assertThat(answer(session, "update notes set secret = 'y' where id = 5000"))
        .isEqualTo("1 rows");
    assertThat(answer(session, "delete from lines where id = 1")).isEqualTo("0 rows");
  }

  @Test
  void theTenantMayBeNamedAndIsTheOwnOne() {
    var session = database.session("acme", Level.WRITE);
    assertThat(answer(session, "insert into people (id, tenant_id, secret) values (7000, 1, '1')"))
        .isEqualTo("1 rows");
    assertThat(answer(session, "update people set tenant_id = 1 where id = 7000"))
        .isEqualTo("1 rows");
    for (String sql :
        List.of(
            "insert into people (id, tenant_id, secret) values (7001, 2, '1')",
            "insert into people (id, tenant_id, secret) values (1, 2, '1')",
            "insert into people (id, tenant_id, secret) values (1, 2, '1') on conflict do nothing",
            "insert into people (id, tenant_id, secret) values (7001, null, '1')",
            "insert into people (id, tenant_id, secret) values (7000, 1, '1')"
                + " on conflict (id) do update set tenant_id = 2",
            "insert into people (id, secret) values (1, '1') on conflict (id) do update set secret = 'x'",
            "insert into people (id, tenant_id, secret) select id + 9000, 3 - tenant_id, secret from people",
            "update people set tenant_id = 2 where id = 7000",
            "update people set tenant_id = null where id = 7000",
            "merge into people p using (values (2)) v (t) on true when matched then update set tenant_id = v.t",
            "with moved as (update people set tenant_id = 2 returning *) select * from moved")) {
      assertThat(answer(session, sql)).as(sql).isEqualTo("refused 42501");
    }
    assertThat(answer(session, "select count(*) from people")).isEqualTo("1001");
  }

  @Test
  void aPageAndAJoinUseTheIndexesOfTheTables() {
    var session = database.session("acme", Level.READ);
    assertThat(plan(session, "select * from people order by secret limit 20"))
        .contains("Index Scan")
        .doesNotContain("Sort");
    assertThat(
            plan(
                session,
                "select n.* from people p join notes n on n.person_id = p.id where p.secret = '44'"))
        .contains("people_tenant_id_secret_idx", "notes_person_id_idx")
        .doesNotContain("Seq Scan on notes");
  }

  private static String plan(Connection session, String sql) {
    return answer(
        session, "select 1; set enable_seqscan = on; explain (costs off, format json) " + sql);
  }

  @Test
  void everybodyElseSeesWhatTheySawBefore() throws SQLException {
    database.asSuperuser("grant select, insert, update, delete on shop.people to policies_app");
    try (var app = database.as("policies_app");
        var owner = database.as("policies_owner")) {
      for (var connection : List.of(app, owner)) {
        assertThat(answer(connection, "select count(*) from shop.people")).isEqualTo("2000");
        assertThat(answer(connection, "update shop.people set mail = 'd' where tenant_id = 2"))
            .isEqualTo("1000 rows");
      }
      assertThat(answer(app, "insert into shop.people values (9000, 2, '1')")).isEqualTo("1 rows");
    }
  }

  @Test
  void aTableOfWhichOthersHoldRightsKeepsItsRowSecurityOff() throws SQLException {
    database.asSuperuser("grant select on shop.people to policies_app");
    database.applyPlan();
    assertThat(secured()).isEqualTo("kinds,lines,notes");
    assertThat(database.check().found())
        .anySatisfy(
            note -> {
              assertThat(note.kind()).isEqualTo("filter-views");
              assertThat(note.sentence()).contains("policies_app");
            });
    assertThat(database.check().deviations()).isEmpty();
    database.asSuperuser("alter table shop.people enable row level security");
    assertThat(database.check().deviations())
        .anySatisfy(found -> assertThat(found.kind()).isEqualTo("policy-missing"));
    database.asSuperuser("alter table shop.people disable row level security");
    try (var session = database.session("acme", Level.READ)) {
      for (String look : LOOKS) {
        assertThat(answer(session, look)).as(look).doesNotContain("refused");
      }
    }
  }

  private String secured() throws SQLException {
    try (var superuser = database.superuser()) {
      return answer(
          superuser,
          "select string_agg(relname, ',' order by relname) from pg_class where relrowsecurity");
    }
  }

  @Test
  void whileRowSecurityIsOffNoRowIsShown() throws SQLException {
    var session = database.session("acme", Level.READ);
    for (String table : List.of("people", "notes")) {
      String alter = "alter table shop." + table + " %s row level security";
      database.asSuperuser(alter.formatted("disable"));
      assertThat(answer(session, "select count(*) from " + table)).isEqualTo("refused 42501");
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("refused 42501");
      assertThat(database.check().deviations())
          .anySatisfy(found -> assertThat(found.kind()).isEqualTo("policy-changed"));
      database.asSuperuser(alter.formatted("enable"));
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("1000");
      assertThat(database.check().deviations()).isEmpty();
    }
  }

  @Test
  void whoeverChangesThePolicyOfTheFenceShowsNoRow() throws SQLException {
    var session = database.session("acme", Level.READ);
    for (String change :
        List.of(
            "drop policy lb_view_bounds on shop.people",
            "alter policy lb_view_bounds on shop.people using (true)",
            "alter policy lb_view_bounds on shop.people to policies_app",
            "drop policy lb_view_bounds on shop.people;"
                + " create policy lb_view_bounds on shop.people to lb_view using (true)",
            "drop policy lb_view_bounds on shop.people; create policy lb_view_bounds on shop.people"
                + " as restrictive for update to lb_view using (tenant_id = (select lb.bound()::int4))",
            "alter role lb_view bypassrls")) {
      database.asSuperuser(change);
      for (String table : List.of("people", "notes", "lines")) {
        assertThat(answer(session, "select count(*) from " + table))
            .as("%s after %s", table, change)
            .isEqualTo("refused 42501");
      }
      assertThat(database.check().stands()).as(change).isFalse();
      database.asSuperuser("alter role lb_view nobypassrls");
      database.applyPlan();
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("1000");
    }
  }

  @Test
  void policiesThatTheApplicationMakesLaterAreNotSetAside() throws SQLException {
    database.asSuperuser(
        """
        grant select on shop.people to policies_app;
        create policy own on shop.people to policies_app using (tenant_id = 2);
        """);
    assertThat(database.check().deviations())
        .anySatisfy(found -> assertThat(found.kind()).isEqualTo("row-security-own"));
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
    try (var app = database.as("policies_app");
        var session = database.session("acme", Level.READ)) {
      assertThat(answer(app, "select count(*) from shop.people")).isEqualTo("1000");
      assertThat(answer(session, "select count(*) from people")).isEqualTo("1000");
    }
  }

  @Test
  void policiesThatTheApplicationLeftOffStayOff() throws SQLException {
    database.asSuperuser(FenceUndo.of(database.spec()));
    database.asSuperuser("create policy own on shop.people using (false)");
    database.applyPlan();
    assertThat(secured()).isEqualTo("kinds,lines,notes");
    assertThat(answer(database.session("acme", Level.READ), "select count(*) from people"))
        .isEqualTo("1000");
  }

  @Test
  void theUndoSwitchesOffWhatThePlanSwitchedOn() throws SQLException {
    assertThat(secured()).isEqualTo("kinds,lines,notes,people");
    database.asSuperuser("create policy own on shop.notes using (true)");
    database.asSuperuser(FenceUndo.of(database.spec()));
    assertThat(secured()).isEqualTo("notes");
    try (var superuser = database.superuser()) {
      assertThat(answer(superuser, "select string_agg(polname, ',') from pg_policy"))
          .isEqualTo("own");
    }
    database.applyPlan();
  }
}
