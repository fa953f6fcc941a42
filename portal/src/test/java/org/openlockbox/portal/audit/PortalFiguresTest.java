package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.server.Pause;

/// A tenant's year in figures.
final class PortalFiguresTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void aMonthIsCountedOnceItIsOverAndKeptAndNobodyElsesIsSeen() {
    var acme = PORTAL.acme;
    var whole = acme.ask("helpdesk");
    var less = acme.ask("helpdesk");
    acme.ask("billing");
    PORTAL.server.pass(Duration.ofMinutes(4));
    var looked = acme.allowance(Level.MASKED, Duration.ofMinutes(30));
    PORTAL.server.pass(Duration.ofSeconds(7));
    assertThat(acme.approve(whole, looked).status()).as("signed slowly").isEqualTo(200);
    var allowed = acme.allowance(Level.METADATA, Duration.ofMinutes(30));
    assertThat(acme.approve(less, allowed).status()).isEqualTo(200);
    PORTAL.server.pass(Duration.ofMinutes(30));
    var aud = PORTAL.browser().as("aud@acme.example");
    assertThat(row(aud.get("/figures").text(), "Nov 2026"))
        .startsWith("3")
        .contains("4 minutes", "Automatic\">0 (0 %)</td>", "With limits\">1 (33 %)</td>")
        .contains("59 minutes 53 seconds");
    assertThat(aud.get("/figures").text())
        .as("nobody asked before")
        .doesNotContain("Oct 2026</th>");
    assertThat(kept()).as("the month is not over").isEmpty();

    PORTAL.server.pass(Duration.ofDays(10));
    Pause.until("everything to have ended", () -> open().isEmpty());
    aud = PORTAL.browser().as("aud@acme.example");
    var page = aud.get("/figures").text();
    assertThat(page).contains("eve", "helpdesk", "role=\"img\"");
    assertThat(kept()).contains("all  3", "engineer eve 3", "resource helpdesk 2");
    PORTAL.server.execute(
        "update month_figures set requests = 7 where dimension = 'all' and month = '2026-11-01' and"
            + " tenant_id = 'acme'");
    assertThat(row(aud.get("/figures").text(), "Nov 2026"))
        .as("from what was kept")
        .startsWith("7");
    var gus = PORTAL.browser().as("ann@globex.example");
    assertThat(gus.get("/figures").text()).doesNotContain(">eve<", "helpdesk");
    for (var address : List.of("eve@vendor.example", "olga@vendor.example")) {
      assertThat(PORTAL.browser().as(address).get("/figures").status()).isEqualTo(404);
    }
  }

  private static List<String> open() {
    return PORTAL.server.rows(
        "select id from access_request where state in ('pending', 'approved')");
  }

  private static List<String> kept() {
    return PORTAL.server.rows(
        "select dimension || ' ' || about || ' ' || requests from month_figures where tenant_id ="
            + " 'acme' and month = '2026-11-01'");
  }

  private static String row(String page, String month) {
    return page.replaceAll("(?s).*<th scope=\"row\">" + month + "</th><td[^>]*>(.*?)</tr>.*", "$1");
  }
}
