package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;

/// Attacks on tables whose rows policies hold to the tenant: old snapshots, waits, tables outside
/// the approval, rows without a parent, and queries that are planned in ways of their own. A row of
/// globex has a text that no cast to a number survives.
class FenceAttackTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'attacked_owner') then
          create role attacked_owner login;
          create role attacked_app login;
        end if;
      end $$;
      create schema shop authorization attacked_owner;
      grant usage on schema shop to attacked_app;
      set role attacked_owner;
      create table shop.people (id int primary key, tenant_id int not null, secret text not null, mail text,
        unique (tenant_id, mail));
      create table shop.notes (id int primary key, person_id int not null references shop.people, secret text not null);
      create table shop.loose (id int primary key, person_id int not null, secret text not null);
      insert into shop.people select n, 1 + n % 2, case n % 2 when 0 then n::text else 'canary' || n end, 'a' || n
        from generate_series(1, 200) n;
      insert into shop.notes select n, n, case n % 2 when 0 then n::text else 'canary' || n end
        from generate_series(1, 200) n;
      insert into shop.loose select n, n, case n % 2 when 0 then n::text else 'canary' || n end
        from generate_series(1, 210) n;
      reset role;
      analyze;
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: fence_attack, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [masked, read, write]
          tables:
            people: {mask: {mail: email}}
            notes: {tenant: "person_id in (select id from people)"}
            loose: {tenant: "person_id in (select id from people)"}
      """;

  private FencedDatabase database;

  @BeforeEach
  void fence() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme").applyPlan();
    assertThat(database.check().deviations()).isEmpty();
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void aPolicyThatWasDroppedShowsNoRowToAnOldSnapshot() {
    for (String isolation : List.of("read committed", "repeatable read", "serializable")) {
      for (String table : List.of("people", "notes")) {
        var session = database.session("acme", Level.READ);
        answer(session, "begin isolation level " + isolation);
        assertThat(answer(session, "select 1")).isEqualTo("1");
        database.asSuperuser("drop policy lb_view_bounds on shop.people");
        assertThat(answer(session, "select count(*) from " + table))
            .as(isolation)
            .isEqualTo("refused 42501");
        answer(session, "rollback");
        database.applyPlan();
      }
    }
  }

  /// The session's snapshot still has the policy as it was; PostgreSQL filters by the new one.
  @Test
  void aPolicyThatWasAlteredShowsNoRowToAnOldSnapshot() throws SQLException {
    for (String isolation : List.of("read committed", "repeatable read", "serializable")) {
      for (String table : List.of("people", "notes")) {
        try (var session = database.session("acme", Level.READ)) {
          answer(session, "begin isolation level " + isolation);
          assertThat(answer(session, "select 1")).isEqualTo("1");
          database.asSuperuser("alter policy lb_view_bounds on shop.people using (true)");
          assertThat(answer(session, "select count(*) from " + table))
              .as(isolation)
              .isEqualTo("refused 42501");
        }
        database.applyPlan();
      }
    }
  }

  @Test
  void aChangeOfPoliciesThatWasTakenBackKeepsNobodyOut() throws SQLException {
    for (String isolation : List.of("read committed", "repeatable read", "serializable")) {
      try (var session = database.session("acme", Level.READ)) {
        answer(session, "begin isolation level " + isolation);
        assertThat(answer(session, "select 1")).isEqualTo("1");
        database.asSuperuser(
            "begin; alter policy lb_view_bounds on shop.people using (true); rollback");
        assertThat(answer(session, "select count(*) from notes")).as(isolation).isEqualTo("100");
      }
      try (var session = database.session("acme", Level.READ)) {
        assertThat(answer(session, "select count(*) from notes")).as(isolation).isEqualTo("100");
      }
    }
  }

  /// `execute` and `explain` take their snapshot before they wait for the table.
  @Test
  void whoeverWaitedWhileThePolicyWasChangedSeesNoRow() throws Exception {
    for (String sql :
        List.of(
            "execute look",
            "select count(*) from people",
            "explain (analyze, costs off) execute look",
            "begin; declare looking cursor for select * from people; fetch looking")) {
      try (var session = database.session("acme", Level.READ);
          var owner = database.as("attacked_owner");
          var waiting = Executors.newVirtualThreadPerTaskExecutor()) {
        answer(session, "prepare look as select count(*) from people");
        assertThat(answer(session, "execute look")).isEqualTo("100");
        owner.setAutoCommit(false);
        answer(owner, "alter policy lb_view_bounds on shop.people using (true)");
        var answered = waiting.submit(() -> answer(session, sql));
        awaitAWait();
        owner.commit();
        assertThat(answered.get()).as(sql).isEqualTo("refused 42501");
      }
      database.applyPlan();
    }
  }

  private void awaitAWait() throws Exception {
    try (var superuser = database.superuser()) {
      String waits = "select count(*) > 0 from pg_locks where not granted";
      for (int i = 0; i < 1000 && !answer(superuser, waits).equals("t"); i++) {
        Thread.sleep(10);
      }
      assertThat(answer(superuser, waits)).isEqualTo("t");
    }
  }

  @Test
  void aPolicyThatWasOpenedForWritesAloneIsNone() {
    var session = database.session("acme", Level.WRITE);
    database.asSuperuser("alter policy lb_view_bounds on shop.people with check (true)");
    for (String sql :
        List.of(
            "insert into people (id, tenant_id, secret) values (7001, 2, '1')",
            "insert into notes values (7001, 1, 'x')",
            "update people set secret = 'x' where id = 2",
            "select count(*) from people")) {
      assertThat(answer(session, sql)).as(sql).isEqualTo("refused 42501");
    }
    database.applyPlan();
  }

  /// Whether a key is taken in a table outside the approval is not told.
  @Test
  void aTableOutsideTheApprovalTakesNoRowAndTellsOfNoKey() {
    var session = database.session("acme", Level.WRITE, Tables.of(List.of("loose")));
    for (String sql :
        List.of(
            "select count(*) from people",
            "insert into people (id, tenant_id, secret) values (1, 1, '1')",
            "insert into people (id, tenant_id, secret) values (9001, 1, '1')",
            "insert into people (id, tenant_id, secret) values (1, 1, '1') on conflict do nothing",
            "insert into notes values (1, 2, 'x')",
            "insert into notes values (9001, 2, 'x')",
            "merge into people p using (values (1)) v (t) on false"
                + " when not matched then insert (id, tenant_id, secret) values (1, 1, '1')",
            "update notes set secret = 'x' where id = 2",
            "delete from notes where id = 2")) {
      assertThat(answer(session, sql)).as(sql).isEqualTo("refused 42501");
    }
    assertThat(answer(session, "insert into loose values (9001, 2, 'x')")).isEqualTo("1 rows");
  }

  /// A right on a table that somebody gets or loses does not say that the fence is another one.
  @Test
  void rightsOfOthersThatChangeBreakNoFence() {
    database.asSuperuser("grant select on shop.people, shop.notes to attacked_app");
    assertThat(database.check().deviations()).isEmpty();
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
    database.asSuperuser("revoke select on shop.people, shop.notes from attacked_app");
    assertThat(database.check().deviations()).isEmpty();
  }

  @Test
  void aLinkThatNoForeignKeyHoldsIsAWarning() {
    var session = database.session("acme", Level.WRITE);
    String foreign = "select count(*) from loose where secret like 'canary%'";
    assertThat(answer(session, foreign)).isEqualTo("0");
    assertThat(answer(session, "insert into people (id, secret) values (201, 'x')"))
        .isEqualTo("1 rows");
    assertThat(answer(session, foreign)).as("a row whose parent was gone").isEqualTo("1");
    assertThat(database.check().found())
        .filteredOn(found -> found.kind().equals("parent-undeclared"))
        .extracting(Deviation::subject)
        .containsExactly("shop.loose");
  }

  private static final List<String> LOOKS =
      List.of(
          "select count(*) from people p join people q on p.id = q.id where p.secret::int > 0 and q.secret::int > 0",
          "select count(*) from people p join people q using (id, tenant_id, secret) where q.secret::int > 0",
          "select count(*) from people p left join people q on p.id = q.id and q.secret::int > 0",
          "select count(*) from people where secret::int = any (array[1, 2])",
          "select count(*) from people where secret::int in (select secret::int from notes)",
          "select count(*) from people p where not exists (select from notes n where n.secret::int = p.id)",
          "select count(*) from people group by grouping sets ((secret::int), ()) order by 1 desc limit 1",
          "select count(*) from people where nullif(secret, '')::int > 0 and tenant_id = 2",
          "select count(*) from people where (secret, tenant_id) > ('1', 1) and secret::numeric > 0",
          "select count(*) from people where secret like 'canary%' and secret::int > 0",
          "select count(*) from people where secret similar to 'can%' or 1 / (id - id + 1) > secret::int",
          "select count(*) from people where (select secret::int) > 0",
          "select count(*) from people p, lateral generate_series(1, p.secret::int % 3) g",
          "select count(*) from people p, lateral regexp_split_to_table(p.secret, '') s where s::int >= 0",
          "select count(*) from people, json_table(jsonb_build_array(secret), '$[*]' columns (n int path '$' error on error)) j",
          "select count(*) from notes where person_id in (select id from people where secret::int > 0)",
          "select count(*) from notes n where n.person_id = 1 and n.secret::int > 0",
          "select count(*) from notes n where n.person_id = any (array[1, 3]) and n.secret::int > 0",
          "select count(*) from loose l where l.id > 200 and l.secret::int > 0",
          "select count(*) from loose l left join notes n on n.person_id = l.person_id where l.secret::int > 0",
          "with recursive r as (select id, secret::int s from people union select n.id, n.secret::int"
              + " from notes n join r on n.person_id = r.id) select count(*) from r",
          "select count(*) from people intersect select secret::int from notes",
          "select sum(secret::int) over (partition by secret::int) from people limit 1",
          "select ntile(2) over w from people window w as (order by secret::int) limit 1",
          "select percentile_cont(0.5) within group (order by secret::int) from people");

  private static final List<String> PLANS =
      List.of(
          "set enable_seqscan = on",
          "set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off",
          "set enable_nestloop = off; set enable_hashagg = off",
          "set debug_parallel_query = on; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;"
              + " set min_parallel_table_scan_size = 0",
          "set constraint_exclusion = on; set enable_partitionwise_join = on; set geqo_threshold = 2");

  @Test
  void noWayOfPlanningLooksAtARowOfAnotherTenant() throws SQLException {
    for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
      try (var session = database.session("acme", level)) {
        for (String plan : PLANS) {
          answer(session, "reset all");
          answer(session, plan);
          for (String look : LOOKS) {
            assertThat(answer(session, look))
                .as("%s: %s; %s", level, plan, look)
                .doesNotContain("refused 22");
          }
        }
      }
    }
  }

  /// A row that another transaction moves to another tenant while a write waits for it is looked at
  /// anew, and by the policy first.
  @Test
  void aRowThatMovedAwayWhileAWriteWaitedIsNotLookedAt() throws Exception {
    for (String sql :
        List.of(
            "update people set mail = secret where id = 2 and secret::int > 0",
            "delete from notes where id = 2 and secret::int > 0",
            "select * from people where id = 2 and secret::int > 0 for update")) {
      try (var session = database.session("acme", Level.WRITE);
          var owner = database.as("attacked_owner");
          var waiting = Executors.newVirtualThreadPerTaskExecutor()) {
        owner.setAutoCommit(false);
        answer(owner, "update shop.people set tenant_id = 2, secret = 'canary' where id = 2");
        answer(owner, "update shop.notes set person_id = 1, secret = 'canary' where id = 2");
        var answered = waiting.submit(() -> answer(session, sql));
        awaitAWait();
        owner.commit();
        assertThat(answered.get()).as(sql).isIn("0 rows", "no row");
        answer(owner, "update shop.people set tenant_id = 1, secret = '2' where id = 2");
        answer(owner, "update shop.notes set person_id = 2, secret = '2' where id = 2");
        owner.commit();
      }
    }
  }

  @Test
  void whatOnlyASessionsOwnViewsHaveStaysClosed() {
    var session = database.session("acme", Level.READ);
    for (String sql :
        List.of(
            "select lb.t('people')",
            "select lb.hold(array[]::regclass[])",
            "select lb.pseudonym('x')",
            "select lb.bound()",
            "select lb.covers('people')",
            "select * from lb.bounds",
            "select count(*) from shop.people",
            "select currtid2('shop.people', '(0,1)')",
            "set row_security = off; select count(*) from people",
            "set role lb_view",
            "set session authorization lb_view",
            "select * from people where ctid = '(0,1)'",
            "select xmin from people",
            "select tableoid from people",
            "select * from people tablesample system (100)",
            "alter view people set (security_invoker)",
            "create view mine as select * from people",
            "create policy open on shop.people using (true)",
            "alter table shop.people disable row level security")) {
      assertThat(answer(session, sql)).as(sql).startsWith("refused");
      answer(session, "reset all");
    }
  }
}
