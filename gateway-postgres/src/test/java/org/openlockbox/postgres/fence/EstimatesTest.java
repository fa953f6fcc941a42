package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.database.SessionRoles;

/// What the fence does not hide, as SECURITY.md says: the planner knows everybody's rows, and what
/// it expects of a condition tells of their values. And what the owner of a table can do about it.
class EstimatesTest {
  private static final Helpdesk HELPDESK = Helpdesk.fenced("estimates");
  private static final SessionRoles ROLES = HELPDESK.roles("00000000000000e5");
  private static final Pattern ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");
  private static final String SECRET = "subject = 'Merger with Initech'";
  private static final String PUBLIC = "subject = 'Merger with nobody'";

  private static Connection session;

  @BeforeAll
  static void open() throws SQLException {
    session = HELPDESK.as(Helpdesk.open(ROLES, "acme", Level.READ, Tables.ALL));
    HELPDESK.asSuperuser(
        """
        alter table helpdesk.tickets set (autovacuum_enabled = off);
        update helpdesk.tickets set subject = 'Merger with Initech'
          where tenant_id <> (select id from helpdesk.tenants where slug = 'acme');
        """);
  }

  @BeforeEach
  void analyze() {
    HELPDESK.asSuperuser(
        """
        alter table helpdesk.tickets alter column subject set statistics 100;
        analyze helpdesk.tickets;
        analyze helpdesk.customers;
        """);
  }

  @AfterAll
  static void close() throws Exception {
    session.close();
    ROLES.close();
    HELPDESK.dropSessions();
  }

  private static int expected(String condition) {
    return expected(session, "tickets", condition);
  }

  private static int expected(Connection who, String table, String condition) {
    String plan =
        answer(who, "explain (format json) select from %s where %s".formatted(table, condition));
    var rows = ROWS.matcher(plan);
    assertThat(rows.find()).isTrue();
    return Integer.parseInt(rows.group(1));
  }

  @Test
  void aValueThatOthersHaveOftenIsExpectedOften() {
    assertThat(answer(session, "select count(*) from tickets where " + SECRET)).isEqualTo("0");
    assertThat(expected(SECRET)).isGreaterThan(50 * expected(PUBLIC));
    HELPDESK.asSuperuser(
        """
        alter table helpdesk.tickets alter column subject set statistics 0;
        delete from pg_statistic s using pg_attribute a
          where s.starelid = 'helpdesk.tickets'::regclass and a.attrelid = s.starelid
            and a.attnum = s.staattnum and a.attname = 'subject';
        analyze helpdesk.tickets;
        """);
    assertThat(expected(SECRET)).isEqualTo(expected(PUBLIC));
  }

  @Test
  void nothingIsKnownOfValuesBehindAMask() throws SQLException {
    String few = "email > 'zzz'";
    String most = "email > 'a'";
    assertThat(expected(session, "customers", most))
        .isGreaterThan(50 * expected(session, "customers", few));
    try (Connection masked = HELPDESK.as(Helpdesk.open(ROLES, "acme", Level.MASKED, Tables.ALL))) {
      assertThat(expected(masked, "customers", most)).isEqualTo(expected(masked, "customers", few));
    }
  }

  /// A hash is made of the side that is expected to be shorter, and rows come in the order of the
  /// other one.
  @Test
  void theOrderOfOnesOwnRowsTellsItWithoutExplain() {
    assertThat(order(SECRET)).isNotEqualTo(order(PUBLIC));
  }

  private static String order(String condition) {
    return answer(
        session,
        """
        set enable_nestloop = off;
        set enable_mergejoin = off;
        select string_agg(n::text, ' ')
          from tickets join generate_series(1, 5000) n on n = 5000 - id
         where %s or id < 50
        """
            .formatted(condition));
  }

  /// The planner looks at the index itself, so nothing has to be analyzed.
  @Test
  void theLargestKeyOfAllIsKnownAtOnce() {
    int before = expected("id > 1000000000");
    HELPDESK.asSuperuser(
        """
        insert into helpdesk.tickets (id, tenant_id, customer_id, subject) overriding system value
          select 2000000000, tenant_id, id, 'new' from helpdesk.customers
            where tenant_id <> (select id from helpdesk.tenants where slug = 'acme') limit 1
        """);
    assertThat(expected("id > 1000000000")).isGreaterThan(10 * before);
  }
}
