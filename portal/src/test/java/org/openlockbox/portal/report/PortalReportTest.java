package org.openlockbox.portal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// A tenant's year in figures.
final class PortalReportTest {
  private final PortalFixture portal = new PortalFixture();

  @AfterEach
  void close() {
    portal.close();
  }

  @Test
  void aMonthIsCountedOnceItIsOverAndKeptAndNobodyElsesIsSeen() {
    var acme = portal.acme;
    var whole = acme.ask("helpdesk");
    var less = acme.ask("helpdesk");
    acme.ask("billing");
    portal.server.pass(Duration.ofMinutes(4));
    var looked = acme.allowance(Level.MASKED, Duration.ofMinutes(30));
    portal.server.pass(Duration.ofSeconds(7));
    assertThat(acme.approve(whole, looked).status()).as("signed slowly").isEqualTo(200);
    var allowed = acme.allowance(Level.METADATA, Duration.ofMinutes(30));
    assertThat(acme.approve(less, allowed).status()).isEqualTo(200);
    portal.server.pass(Duration.ofMinutes(30));
    var aud = portal.browser().as("aud@acme.example");
    assertThat(row(aud.get("/figures").text(), "Nov 2026"))
        .startsWith("<a href=\"/audit?month=2026-11\">3</a>")
        .contains("4 minutes", "Approved by policy\"> 0</td>", "With limits\">1</td>")
        .contains("59 minutes 53 seconds");
    assertThat(aud.get("/figures").text())
        .as("nobody asked before")
        .doesNotContain("Oct 2026</th>")
        .contains("aria-label=\"Requests of Oct 2026\"");
    assertThat(kept()).as("the month is not over").isEmpty();

    portal.server.pass(Duration.ofDays(10));
    Pause.until("everything to have ended", () -> open().isEmpty());
    aud = portal.browser().as("aud@acme.example");
    var page = aud.get("/figures").text();
    assertThat(page).contains("eve", "helpdesk", "role=\"img\"");
    assertThat(kept()).contains("all  3", "engineer eve 3", "resource helpdesk 2");
    portal.server.execute(
        "update month_figures set requests = 7 where dimension = 'all' and month = '2026-11-01' and"
            + " tenant_id = 'acme'");
    assertThat(row(aud.get("/figures").text(), "Nov 2026"))
        .as("from what was kept")
        .contains(">7</a>");
    nobodyElseSeesIt();
  }

  private void nobodyElseSeesIt() {
    var gus = portal.browser().as("ann@globex.example");
    assertThat(gus.get("/figures").text()).doesNotContain(">eve<", "helpdesk");
    for (var address : List.of("eve@vendor.example", "olga@vendor.example")) {
      var outside = portal.browser().as(address);
      assertThat(outside.get("/figures").status()).isEqualTo(404);
      assertThat(outside.get("/figures/export").status()).isEqualTo(404);
    }
  }

  @Test
  void theSameFiguresAreAFileAndTheChartSaysThemInWords() {
    var globex = portal.globex;
    globex.ask("billing");
    var request = globex.ask("helpdesk");
    var allowed = globex.allowance(Level.METADATA, Duration.ofMinutes(30));
    assertThat(globex.approve(request, allowed).status()).isEqualTo(200);
    portal.server.pass(Duration.ofMinutes(31));
    var gus = portal.browser().as("ann@globex.example");
    var file = gus.get("/figures/export?months=3");
    assertThat(file.header("Content-Disposition")).contains("globex-reports.csv");
    assertThat(file.text().lines())
        .contains("2026-11,all,,2,1,0,1,0,0,1800", "2026-11,resource,helpdesk,1,1,0,1,0,0,1800")
        .contains("2026-09,all,,0,0,0,0,0,,0")
        .hasSize(1 + 3 + 1 + 2);
    var page = gus.get("/figures?months=3").text();
    assertThat(page)
        .contains("Nov 2026: 1 With limits; Nov 2026: 1 Withdrawn, unanswered or waiting")
        .contains("href=\"/figures/export?months=3\"", "href=\"/audit?person=eve\"");
    assertThat(gus.get("/figures?months=4").status()).isEqualTo(400);
    new TestTenant(portal.server, "initech", 1);
    portal.person(
        Optional.of(new TenantId("initech")), "initech-ian", "ian@initech.example", Role.APPROVER);
    assertThat(portal.browser().as("ian@initech.example").get("/figures").text())
        .as("nobody asked")
        .contains("<dd>0 <small>minutes</small></dd>");
  }

  private List<String> open() {
    return portal.server.rows(
        "select id from access_request where state in ('pending', 'approved')");
  }

  private List<String> kept() {
    return portal.server.rows(
        "select dimension || ' ' || about || ' ' || requests from month_figures where tenant_id ="
            + " 'acme' and month = '2026-11-01'");
  }

  private static String row(String page, String month) {
    return page.replaceAll(
        "(?s).*<th scope=\"row\">" + month + "</th>\\s*<td[^>]*>(.*?)</tr>.*", "$1");
  }
}
