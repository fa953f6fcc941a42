package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.schema.DatabaseSchema;

class FencePlanTest {
  private final Helpdesk helpdesk = Helpdesk.bare("plan_test");

  @Test
  void theFenceStandsAfterThePlanAndAfterApplyingItTwice() {
    String plan = helpdesk.plan();
    helpdesk.asSuperuser(plan);
    assertThat(helpdesk.check().deviations()).isEmpty();
    helpdesk.asSuperuser(plan);
    assertThat(helpdesk.check().deviations()).isEmpty();
    helpdesk.applyPlan();
    assertThat(helpdesk.check().deviations()).isEmpty();
  }

  @Test
  void theApplicationWorksAfterThePlanAsItDidBefore() throws SQLException {
    try (var application = helpdesk.as("helpdesk_app")) {
      String before = work(application);
      assertThat(before).doesNotContain("refused");
      helpdesk.applyPlan();
      assertThat(work(application)).isEqualTo(before);
    }
    try (var reconnected = helpdesk.as("helpdesk_app")) {
      assertThat(work(reconnected)).doesNotContain("refused");
    }
  }

  private static String work(Connection application) {
    return String.join(
        "\n",
        Helpdesk.answer(application, "select count(*) from tickets"),
        Helpdesk.answer(application, "select count(*) from open_tickets"),
        Helpdesk.answer(application, "select sum(tickets) from ticket_counts"),
        Helpdesk.answer(application, "select count(*) from find_customer('nobody@example.com')"),
        Helpdesk.answer(
            application,
            "with a as (insert into articles (tenant_id, title, body) values (1, 'x', 'y') returning id)"
                + " select count(*) from a"),
        Helpdesk.answer(application, "delete from articles where title = 'x'"),
        Helpdesk.answer(application, "update tickets set status = status where id = 1"),
        Helpdesk.answer(application, "create temporary table scratch (id int)"),
        Helpdesk.answer(application, "drop table scratch"),
        Helpdesk.answer(application, "do $$ begin null; end $$"),
        Helpdesk.answer(application, "select pg_try_advisory_lock(7) and pg_advisory_unlock(7)"),
        Helpdesk.answer(application, "select lo_unlink(lo_create(0))"));
  }

  @Test
  void theOwnerCanStillChangeTheApplicationsSchema() throws SQLException {
    helpdesk.applyPlan();
    try (var owner = helpdesk.superuser()) {
      assertThat(Helpdesk.answer(owner, "set role helpdesk_owner")).isEqualTo("0 rows");
      assertThat(
              Helpdesk.answer(
                  owner,
                  "create function helpdesk.f() returns int language plpgsql as $$ begin return 1; end $$"))
          .isEqualTo("0 rows");
      assertThat(Helpdesk.answer(owner, "alter table helpdesk.tickets add column extra text"))
          .isEqualTo("0 rows");
    }
    assertThat(helpdesk.check().deviations()).isEmpty();
    assertThat(helpdesk.check().found())
        .anyMatch(
            d -> d.kind().equals("column-new") && d.subject().equals("helpdesk.tickets.extra"));
  }

  @Test
  void aCatalogueThatTheDatabaseCannotKeepSafelyGivesNoPlan() throws SQLException {
    var spec =
        Catalogue.parse(
                "resources.yaml",
                helpdesk.yaml().replace("search: 'null', custom_fields", "custom_fields"))
            .resources()
            .getFirst();
    try (var connection = helpdesk.superuser()) {
      var plan = FencePlan.of(spec, DatabaseSchema.read(connection, spec));
      assertThat(plan).isInstanceOf(FencePlan.Impossible.class);
      assertThat(((FencePlan.Impossible) plan).why())
          .extracting(Deviation::kind, Deviation::subject)
          .containsExactly(Tuple.tuple("mask-leaks", "helpdesk.tickets.search"));
    }
  }

  @Test
  void undoingRemovesTheFenceAndGivesPublicItsRightsBack() throws SQLException {
    String before = rightsOfPublic();
    helpdesk.applyPlan();
    assertThat(rightsOfPublic()).isNotEqualTo(before);
    helpdesk.applyPlan();
    try (var roles = helpdesk.roles("00000000000000dd")) {
      Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    }
    helpdesk.asSuperuser(FenceUndo.of(helpdesk.spec()));
    assertThat(rightsOfPublic()).isEqualTo(before);
    try (var application = helpdesk.as("helpdesk_app");
        var superuser = helpdesk.superuser()) {
      assertThat(work(application)).doesNotContain("refused");
      assertThat(
              Helpdesk.answer(
                  superuser,
                  "select count(*) from pg_namespace where nspname ~ '^lb' union all"
                      + " select count(*) from pg_roles where rolname ~ '^lb_s_' order by 1 desc"))
          .isEqualTo("0");
    }
    helpdesk.applyPlan();
    assertThat(helpdesk.check().deviations()).isEmpty();
  }

  private String rightsOfPublic() throws SQLException {
    try (var superuser = helpdesk.superuser()) {
      return Helpdesk.answer(
          superuser,
          """
          select md5(string_agg(x.line, ' ' order by x.line))
            from (select c.oid::regclass || ' ' || a.privilege_type
                    from pg_class c, aclexplode(c.relacl) a where a.grantee = 0
                  union all
                  select c.oid::regclass || ' ' || t.attname || ' ' || a.privilege_type
                    from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
                   where a.grantee = 0
                  union all
                  select p.oid::regprocedure || ' ' || a.privilege_type
                    from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                   where a.grantee = 0
                  union all
                  select l.lanname || ' ' || a.privilege_type
                    from pg_language l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
                   where a.grantee = 0
                  union all
                  select d.datname || ' ' || a.privilege_type
                    from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                   where a.grantee = 0 and d.datname = current_database()) x (line)
          """);
    }
  }
}
