package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// The letter about the month that is over.
final class MonthlyReportTest {
  @Test
  void eachTenantIsSentAMonthOnceHoweverManyServersThereAre() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      acme.approved();
      server.startAnother();
      assertThat(reports(server)).as("the month is not over").isEmpty();
      server.pass(Duration.ofDays(10));
      server.startAnother();
      server.startAnother();
      Pause.until("the report", () -> !reports(server).isEmpty());
      assertThat(server.rows("select month::text from monthly_report"))
          .containsExactly("2026-11-01");
      assertThat(reports(server)).hasSize(contacts(server).size());
      assertThat(reports(server).getFirst())
          .contains("November 2026", "Requests", "0 h 30 min", "0 by your policy alone");
    }
  }

  private static List<String> contacts(TestServer server) {
    return server.rows("select address from contact where 'records' = any (topics)");
  }

  private static List<String> reports(TestServer server) {
    return server.rows(
        "select text_part from outbox where kind = 'report.monthly' and channel = 'mail'");
  }
}
