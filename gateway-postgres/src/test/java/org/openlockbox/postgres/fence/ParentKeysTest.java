package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Child tables whose policy asks for all keys of the tenant's parents from the first row on: under
/// the same looks and ways of planning as [RowPoliciesTest], with parents of two levels and keys of
/// several columns.
class ParentKeysTest {
  private static final String YAML =
      RowPoliciesTest.YAML
          .replace("row_policies", "parent_keys")
          .replace(
              "kinds: {shared: true}",
              """
              kinds: {shared: true}
                    pages: {}
                    marks: {tenant: "(page, part) in (select no, part from pages)"}
              """
                  .strip());

  private static final String PAGES =
      """
      set role policies_owner;
      create table shop.pages (no int, part text, tenant_id int not null, primary key (no, part));
      create table shop.marks (id int primary key, page int, part text, secret text not null);
      insert into shop.pages select n, 'p', 1 + n % 2 from generate_series(1, 200) n;
      insert into shop.marks select n, n, 'p', case n % 2 when 0 then n::text else 'canary' || n end
        from generate_series(1, 200) n;
      insert into shop.marks values (201, null, 'p', 'canary'), (202, 2, null, 'canary'), (203, null, null, 'canary');
      reset role;
      analyze;
      """;

  private static FencedDatabase database;

  @BeforeAll
  static void fence() {
    database = new FencedDatabase(Helpdesk.server(), RowPoliciesTest.SCHEMA + PAGES, YAML, "acme");
    fenceWithoutPatience();
  }

  /// From the first row on, as a query that has lasted long goes on.
  private static void fenceWithoutPatience() {
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
    database.asSuperuser(
        "create or replace function lb.patience() returns timestamptz language sql volatile security definer"
            + " set search_path = pg_catalog, pg_temp as $$ select '-infinity'::timestamptz $$");
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @Test
  void noFunctionOrOperatorSeesARowOfAnotherTenant() throws SQLException {
    for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
      for (String plan : RowPoliciesTest.PLANS) {
        try (var session = database.session("acme", level)) {
          answer(session, plan);
          for (String look : RowPoliciesTest.LOOKS) {
            assertThat(answer(session, look))
                .as("%s: %s; %s", level, plan, look)
                .doesNotContain("refused");
          }
          assertThat(answer(session, "select count(*) from marks where secret::int > 0"))
              .isEqualTo("100");
        }
      }
    }
  }

  @Test
  void aSearchThatExpectsFewRowsAsksForTheKeysOnce() {
    var session = database.session("acme", Level.READ);
    for (String table : List.of("notes", "lines", "marks")) {
      assertThat(
              answer(
                  session,
                  "explain (analyze, costs off, timing off, format json) select id from %s where secret like 'zz%%'"
                      .formatted(table)))
          .as(table)
          .contains("hashed SubPlan", "\"Node Type\": \"Function Scan\"");
      assertThat(answer(session, "select count(*) from %s where secret <> ''".formatted(table)))
          .as(table)
          .isEqualTo(table.equals("marks") ? "100" : "1000");
    }
  }

  @Test
  void aShortQueryCollectsNoKeys() {
    database.applyPlan();
    var session = database.session("acme", Level.READ);
    assertThat(
            answer(
                session,
                "explain (analyze, costs off, timing off, format json) select id from notes where id = 2"))
        .contains("\"Node Type\": \"Function Scan\"")
        .contains("\"Actual Loops\": 0");
    fenceWithoutPatience();
  }

  @Test
  void parentsBeyondTheLimitAreLookedUpRowByRow() {
    database.asSuperuser(
        "create or replace function lb.fits(parent regclass) returns boolean language sql volatile security definer"
            + " set search_path = pg_catalog, pg_temp as $$ select false $$");
    var session = database.session("acme", Level.READ);
    assertThat(
            answer(
                session,
                "explain (analyze, costs off, timing off, format json) select id from lines where secret like 'zz%'"))
        .contains("\"Actual Loops\": 0");
    assertThat(answer(session, "select count(*) from lines where secret::int > 0"))
        .isEqualTo("1000");
    fenceWithoutPatience();
  }

  @Test
  void aWriteStaysInside() {
    var session = database.session("acme", Level.WRITE);
    for (String sql :
        List.of(
            "insert into notes values (90000, 1, 'x')",
            "insert into notes values (90000, 90000, 'x')",
            "insert into lines values (90000, 1, 'x')",
            "insert into marks values (90000, 1, 'p', 'x')",
            "insert into marks values (90000, null, 'p', 'x')")) {
      assertThat(answer(session, sql)).as(sql).isIn("refused 42501", "refused 44000");
    }
    assertThat(answer(session, "insert into notes values (90001, 2, 'x')")).isEqualTo("1 rows");
    assertThat(answer(session, "insert into lines values (90001, 90001, 'x')")).isEqualTo("1 rows");
    assertThat(answer(session, "delete from lines where id in (1, 90001)")).isEqualTo("1 rows");
    assertThat(answer(session, "delete from notes where id in (1, 90001)")).isEqualTo("1 rows");
  }

  @Test
  void aRenamedKeyStaysTheKey() {
    database.asSuperuser(
        "alter table shop.people rename id to no; alter table shop.people rename tenant_id to id");
    var session = database.session("acme", Level.READ);
    assertThat(answer(session, "select count(*) from notes where secret::int > 0"))
        .isEqualTo("1000");
    database.asSuperuser(
        "alter table shop.people rename id to tenant_id; alter table shop.people rename no to id");
  }

  @Test
  void noSessionCallsWhatGivesTheKeys() {
    for (Level level : Level.values()) {
      var session = database.session("acme", level);
      for (String call :
          List.of(
              "select * from lb.keys_1()",
              "select lb.fits('pg_class')",
              "select lb.patience()",
              "select k1 from keys_1()")) {
        assertThat(answer(session, call)).as(call).isIn("refused 42501", "refused 42883");
      }
    }
  }

  @Test
  void withoutThePolicyOfTheParentNothingIsShown() {
    var session = database.session("acme", Level.READ);
    for (String change :
        List.of(
            "alter policy lb_view_bounds on shop.people using (true)",
            "alter table shop.people disable row level security")) {
      database.asSuperuser(change);
      assertThat(answer(session, "select count(*) from notes")).isEqualTo("refused 42501");
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("refused 42501");
      fenceWithoutPatience();
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("1000");
    }
  }
}
