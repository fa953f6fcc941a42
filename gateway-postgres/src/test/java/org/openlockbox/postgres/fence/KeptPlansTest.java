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

/// Plans that a session has kept hold its tenant as a constant. Whatever becomes of its binding
/// afterwards, such a plan shows and changes nothing but rows of the tenant that is bound.
class KeptPlansTest {
  private static final String KEEP =
      """
      set plan_cache_mode = force_generic_plan;
      prepare people as select count(*) from people;
      prepare notes as select count(*) from notes n join people p on p.id = n.person_id;
      prepare lines as select count(*) from lines;
      prepare kinds as select count(*) from kinds;
      prepare changes as update notes set secret = secret;
      prepare removals as delete from lines;
      prepare inserts(int) as insert into people (id, tenant_id, secret) values ($1, 1, 'new');
      prepare attached(int) as insert into notes values ($1, 2, 'new');
      """;

  private static final List<String> READS =
      List.of("execute people", "execute notes", "execute lines", "execute kinds");

  private static final List<String> WRITES =
      List.of(
          "execute changes", "execute removals", "execute inserts(9001)", "execute attached(9001)");

  private FencedDatabase database =
      new FencedDatabase(
          Helpdesk.server(),
          RowPoliciesTest.SCHEMA + "insert into shop.kinds values ('one')",
          RowPoliciesTest.YAML.replace("row_policies", "kept_plans"),
          "acme");
  private Connection session = database.superuser();

  KeptPlansTest() throws SQLException {}

  @BeforeEach
  void keepPlans() throws SQLException {
    session.close();
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
    session = database.session("acme", Level.WRITE);
    answer(session, KEEP);
    for (String read : READS) {
      assertThat(answer(session, read)).as(read).isIn("1", "1000");
    }
    session.setAutoCommit(false);
    for (String write : WRITES) {
      assertThat(answer(session, write)).as(write).isIn("1 rows", "1000 rows");
      session.rollback();
    }
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  private void bind(String change) {
    database.asSuperuser(
        "update lb.binding set %s where role = '%s'"
            .formatted(change, answer(session, "select session_user")));
  }

  @Test
  void aPlanIsOfTheTenantThatWasBound() {
    assertThat(answer(session, "explain (costs off, format json) execute people"))
        .contains("tenant_id = 1")
        .contains("One-Time Filter");
  }

  @Test
  void ofAnotherTenantAKeptPlanShowsAndChangesNothing() throws SQLException {
    bind("tenant = '2'");
    for (String read : READS) {
      assertThat(answer(session, read)).as(read).isEqualTo("0");
      session.rollback();
    }
    for (String write : WRITES) {
      assertThat(answer(session, write)).as(write).isIn("0 rows", "refused 42501");
      session.rollback();
    }
    assertThat(answer(session, "select count(*) from people")).isEqualTo("1000");
    assertThat(answer(session, "select min(tenant_id) from people")).isEqualTo("2");
  }

  @Test
  void onceTheAccessHasEndedAKeptPlanShowsAndChangesNothing() throws SQLException {
    for (String end : List.of("until = clock_timestamp()", "tables = '{other}'")) {
      bind(end);
      for (String each : READS) {
        assertThat(answer(session, each)).as("%s; %s", end, each).isEqualTo("refused 42501");
        session.rollback();
      }
      for (String each : WRITES) {
        assertThat(answer(session, each)).as("%s; %s", end, each).isEqualTo("refused 42501");
        session.rollback();
      }
      bind("until = clock_timestamp() + interval '5 minutes'");
    }
  }

  @Test
  void withoutABindingAKeptPlanShowsAndChangesNothing() throws SQLException {
    database.asSuperuser("create table kept as table lb.binding; delete from lb.binding");
    for (String each : READS) {
      assertThat(answer(session, each)).as(each).isEqualTo("refused 42501");
      session.rollback();
    }
    for (String each : WRITES) {
      assertThat(answer(session, each)).as(each).isEqualTo("refused 42501");
      session.rollback();
    }
    database.asSuperuser("insert into lb.binding table kept"); // so that the role is dropped
  }
}
