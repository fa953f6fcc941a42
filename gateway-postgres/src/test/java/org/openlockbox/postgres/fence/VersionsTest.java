package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.testing.Majors;

/// The same fence on each major version of PostgreSQL that is supported: planned, applied twice,
/// checked, looked through at each level, written through, closed catalogs, and undone. Sessions
/// through a gateway are [org.openlockbox.postgres.MajorsTest]'s.
@Tag("slow")
class VersionsTest {
  @ParameterizedTest
  @ValueSource(ints = {16, 17, 18})
  void theFenceStandsOn(int major) throws Exception {
    try (var server = server(major);
        var database =
            new FencedDatabase(
                server.getPort(),
                Helpdesk.text("helpdesk-schema.sql") + Helpdesk.text("helpdesk-rows.sql"),
                yaml(server),
                "acme")) {
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      assertThat(database.check().server().major()).isEqualTo(major);
      canaries(database);
      writes(database);
      catalogs(database);
      driftIsNamed(database);
      database.asSuperuser(FenceUndo.of(database.spec()));
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
    }
  }

  private static EmbeddedPostgres server(int major) throws IOException {
    return Majors.of(major)
        .setServerConfig("fsync", "off")
        .setServerConfig("max_prepared_transactions", "1")
        .setPGStartupWait(Duration.ofMinutes(2))
        .start();
  }

  private static String yaml(EmbeddedPostgres server) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection()) {
      return Helpdesk.text("resources.yaml")
          .replace("tls: verify-full", "tls: disable")
          .replace("ca: ${ca}", "ca: none.pem")
          .replace("from invoices)\"", "from invoices)\", joinParent: true")
          .replace(
              "minimumVersion: 18.6", "minimumVersion: " + CatalogSnapshot.version(connection));
    }
  }

  private static void canaries(FencedDatabase database) {
    database.asSuperuser(
        "update helpdesk.customers set notes = case tenant_id when 1 then 'OWN-CANARY'"
            + " else 'FOREIGN-CANARY' end where id in (1, 12001)");
    String notes = "select string_agg(distinct notes, ' ') from customers where notes ~ 'CANARY'";
    assertThat(answer(database.session("acme", Level.READ), notes)).isEqualTo("OWN-CANARY");
    assertThat(answer(database.session("acme", Level.WRITE), notes)).isEqualTo("OWN-CANARY");
    assertThat(answer(database.session("acme", Level.MASKED), notes)).isEqualTo("null");
    assertThat(answer(database.session("globex", Level.READ), notes)).isEqualTo("FOREIGN-CANARY");
    assertThat(
            answer(
                database.session("acme", Level.METADATA),
                "select own_rows from row_counts where table_name = 'customers'"))
        .isEqualTo("12000");
  }

  private static void writes(FencedDatabase database) {
    var write = database.session("acme", Level.WRITE);
    assertThat(answer(write, "select count(*) from invoice_lines"))
        .isEqualTo(
            answer(
                write,
                "select count(*) from invoice_lines l where exists (select from invoices i where i.id = l.invoice_id)"))
        .isNotEqualTo("0");
    assertThat(answer(write, "update tickets set priority = 'low' where id in (1, 41001)"))
        .isEqualTo("1 rows");
    assertThat(
            answer(
                write, "insert into articles (title, body) values ('a', 'b') returning tenant_id"))
        .isEqualTo("1");
    assertThat(answer(write, "insert into articles (tenant_id, title, body) values (2, 'a', 'b')"))
        .isEqualTo("refused 42501");
    assertThat(
            answer(
                write,
                "insert into ticket_messages (ticket_id, from_agent, body) values (41001, true, 'x')"))
        .isEqualTo("refused 42501");
    var read = database.session("acme", Level.READ);
    assertThat(answer(read, "delete from tickets")).isEqualTo("refused 42501");
    assertThat(answer(read, "select * from helpdesk.customers")).isEqualTo("refused 42501");
  }

  private static void catalogs(FencedDatabase database) throws SQLException {
    var read = database.session("acme", Level.READ);
    for (String closed :
        new String[] {
          "select reltuples from pg_class", "select datname from pg_database",
          "select rolname from pg_roles", "select query from pg_stat_activity",
          "select * from pg_stats", "select prosrc from pg_proc",
          "select pg_get_viewdef('pg_user'::regclass)"
        }) {
      assertThat(answer(read, closed)).as(closed).isEqualTo("refused 42501");
    }
    for (String own :
        new String[] {
          "select string_agg(datname, ',') = current_database() from lb_catalog.pg_database",
          "select string_agg(rolname, ',') = session_user from lb_catalog.pg_roles",
          "select count(*) > 0 and count(reltuples) = 0 from lb_catalog.pg_class where relname = 'customers'",
          "select count(*) = 0 from (select c.* from lb_catalog.pg_locks c) l",
          "select lb_catalog.pg_get_viewdef('lb_read.customers'::regclass) is null",
          "select count(*) > 50 and bool_and(has_table_privilege(format('lb_catalog.%I', table_name), 'select'))"
              + " from information_schema.tables where table_schema = 'lb_catalog'"
        }) {
      assertThat(answer(read, own)).as(own).isEqualTo("t");
    }
    try (var columns = read.getMetaData().getColumns(null, "lb_read", "agents", "email")) {
      assertThat(columns.next()).isTrue();
    }
    try (var application = database.as("helpdesk_app")) {
      assertThat(answer(application, "select count(*) > 0 from pg_stat_activity")).isEqualTo("t");
    }
  }

  private static void driftIsNamed(FencedDatabase database) {
    database.asSuperuser("grant select on helpdesk.api_tokens to lb_level_read");
    assertThat(database.check().deviations())
        .extracting(Deviation::kind)
        .containsExactly("grant-too-much");
    database.asSuperuser("revoke select on helpdesk.api_tokens from lb_level_read");
    database.asSuperuser("create extension pgcrypto");
    assertThat(database.check().deviations())
        .extracting(Deviation::kind)
        .containsExactly("extension-unlisted");
    database.asSuperuser("drop extension pgcrypto");
    assertThat(database.check().found())
        .extracting(Deviation::kind)
        .contains("prepared-transactions", "write-effect");
  }
}
