package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Tables whose views are joined with their parents (`joinParent`), under the same looks and ways
/// of planning as [RowPoliciesTest], with acme as one of two hundred tenants.
class JoinedParentsTest {
  private static final String YAML =
      RowPoliciesTest.YAML
          .replace("row_policies", "joined_parents")
          .replace("from people)\"", "from people)\", joinParent: true")
          .replace("from notes)\"", "from notes)\", joinParent: true");

  /// The rows of 2,000 persons besides, each with a note and a line, of tenants 3 to 200.
  private static final String MORE_TENANTS =
      """
      insert into shop.people select n, 3 + n % 198, 'canary' || n, 'a@b.c' from generate_series(2001, 40000) n;
      insert into shop.notes select n, n, 'canary' || n from generate_series(2001, 40000) n;
      insert into shop.lines select n, n, 'canary' || n from generate_series(2001, 40000) n;
      create index on shop.lines (note_id);
      analyze;
      """;

  private static FencedDatabase database;

  @BeforeAll
  static void fence() {
    database =
        new FencedDatabase(Helpdesk.server(), RowPoliciesTest.SCHEMA + MORE_TENANTS, YAML, "acme");
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
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
        }
      }
    }
  }

  @Test
  void aCountBeginsWithTheTenantsParents() {
    var session = database.session("globex", Level.READ);
    for (String table : List.of("notes", "lines")) {
      assertThat(answer(session, "select count(*) from " + table)).as(table).isEqualTo("1000");
      assertThat(answer(session, "explain (costs off, format json) select count(*) from " + table))
          .as(table)
          .contains("people_tenant_id_secret_idx", "notes_person_id_idx")
          .doesNotContain("Seq Scan");
    }
    assertThat(
            answer(
                database.session("acme", Level.METADATA),
                "select string_agg(own_rows::text, ',' order by table_name) from row_counts"))
        .isEqualTo("0,1000,1000,1000");
  }

  @Test
  void aWriteStaysInside() {
    var session = database.session("acme", Level.WRITE);
    for (String sql :
        List.of(
            "insert into notes values (90000, 2001, 'x')",
            "insert into notes values (90000, 1, 'x')",
            "insert into lines values (90000, 2001, 'x')",
            "update notes set person_id = 2001 where id = 2")) {
      assertThat(answer(session, sql)).as(sql).isIn("refused 42501", "refused 44000");
    }
    assertThat(answer(session, "delete from lines where id = 1")).isEqualTo("0 rows");
    assertThat(answer(session, "update notes set secret = secret where secret::int > 0"))
        .isEqualTo("1000 rows");
    assertThat(answer(session, "insert into notes values (90001, 2, 'x')")).isEqualTo("1 rows");
    assertThat(answer(session, "insert into lines values (90001, 90001, 'x') returning id"))
        .isEqualTo("90001");
    assertThat(
            answer(
                session,
                "merge into lines l using notes n on l.note_id = n.id and n.id = 90001"
                    + " when matched then delete"))
        .isEqualTo("1 rows");
    assertThat(answer(session, "delete from notes where id = 90001")).isEqualTo("1 rows");
  }

  @Test
  void aJoinTakesNoRowAwayAndHoldsNothingAlone() throws SQLException {
    var session = database.session("acme", Level.READ);
    for (String change :
        List.of(
            "alter policy lb_view_bounds on shop.notes using (true)",
            "alter table shop.people disable row level security")) {
      database.asSuperuser(change);
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("refused 42501");
      database.applyPlan();
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("1000");
    }
  }
}
