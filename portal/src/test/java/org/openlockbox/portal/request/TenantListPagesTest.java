package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;

/// The operators' list of tenants: how each of them does, found by name, and as long as a page
/// whatever the number of tenants.
final class TenantListPagesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");
  private static final String LIST = "/operation/tenants";
  private static final int BUDGET = 120 * 1024;

  /// Enough to fill pages, none of them with a log.
  @BeforeAll
  static void many() {
    PORTAL.server.execute(
        """
        insert into waiting_tenant (id, name, created_at)
        select 'waits-' || n, 'Waiting ' || lpad(n::text, 3, '0'), now()
          from generate_series(1, 60) n
        """);
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static String row(String page, String tenant) {
    return page.replaceAll("(?s).*<tr><th scope=\"row\"><a href=\"/operation/tenants/" + tenant, "")
        .replaceAll("(?s)</tr>.*", "");
  }

  private static List<String> ids(String page) {
    return Pattern.compile("<small class=\"mono\">([^<]+)</small>")
        .matcher(page)
        .results()
        .map(one -> one.group(1))
        .toList();
  }

  @Test
  void aTenantHasItsStateItsKeysItsRequestsAndItsLastAccess() {
    var asked = PORTAL.acme.approved();
    PORTAL.acme.ask("helpdesk");
    var open = row(OLGA.get(LIST).text(), "acme");
    assertThat(open)
        .contains("Active", "3 keys, 2 approvers")
        .contains("data-label=\"Waiting\">1<", "data-label=\"Open now\">1<", ">now<");
    assertThat(PORTAL.acme.revoke(asked).status()).isEqualTo(200);
    PORTAL.server.pass(Duration.ofMinutes(1));
    assertThat(row(OLGA.get(LIST).text(), "acme"))
        .contains("data-label=\"Open now\">0<", "<time datetime=\"2026-11-24T09:0");
    assertThat(row(OLGA.get(LIST).text(), "globex"))
        .contains("data-label=\"Waiting\">0<", ">never<")
        .as("another tenant's request is not counted here")
        .contains("2 keys, 2 approvers");
  }

  /// A request that nobody has answered, or that the policy answered, counts for nothing.
  @Test
  void howSoonATenantAnswersIsSaidInWords() {
    assertThat(row(OLGA.get(LIST).text(), "globex"))
        .contains("data-label=\"Answered within\"><span>–<");
    for (int minutes : new int[] {1, 8, 17}) {
      var asked = PORTAL.globex.ask("helpdesk");
      PORTAL.server.pass(Duration.ofMinutes(minutes));
      PORTAL.globex.approve(asked);
    }
    PORTAL.globex.ask("helpdesk");
    assertThat(row(OLGA.get(LIST).text(), "globex"))
        .contains("data-label=\"Answered within\"><span>8 minutes<")
        .contains("9 of 10 within 17 minutes");
    assertThat(OLGA.get(LIST + "/globex").text())
        .contains("<dt>Answered within</dt><dd>8 minutes<");
  }

  @Test
  void allArePagesInTheOrderOfTheirNames() {
    var first = OLGA.get(LIST);
    assertThat(first.text().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(BUDGET);
    assertThat(ids(first.text())).hasSize(25).startsWith("acme", "globex", "waits-1", "waits-2");
    assertThat(first.text()).contains("Waits to be set up").doesNotContain("First page");
    var second = OLGA.get(LIST + "?text=&state=&after=waits-23");
    assertThat(first.text()).contains("href=\"" + LIST + "?text=&amp;state=&amp;after=waits-23\"");
    assertThat(ids(second.text())).hasSize(25).startsWith("waits-24").endsWith("waits-48");
    var last = OLGA.get(LIST + "?after=waits-48");
    assertThat(ids(last.text())).hasSize(12).endsWith("waits-60");
    assertThat(last.text()).contains("First page").doesNotContain("More tenants");
  }

  @Test
  void oneIsFoundByAPartOfItsNameOrIdAndByItsState() {
    assertThat(ids(OLGA.get(LIST + "?text=GLOB").text())).containsExactly("globex");
    assertThat(ids(OLGA.get(LIST + "?text=iting+007").text())).containsExactly("waits-7");
    assertThat(ids(OLGA.get(LIST + "?text=waits-7").text())).containsExactly("waits-7");
    assertThat(ids(OLGA.get(LIST + "?state=founded").text())).containsExactly("acme", "globex");
    assertThat(ids(OLGA.get(LIST + "?state=founding").text())).startsWith("waits-1");
    for (var none : List.of("%25", "_", "'", "%00%5C%22")) {
      var page = OLGA.get(LIST + "?text=" + none);
      assertThat(page.status()).as(none).isEqualTo(200);
    }
    assertThat(OLGA.get(LIST + "?text=%25").text()).contains("No tenant matches");
    assertThat(OLGA.get(LIST + "?text=%22%3E%3Cb%3E").text()).doesNotContain("\"><b>");
  }

  @Test
  void nobodyElseSeesIt() {
    for (var who : List.of("eve@vendor.example", "rex@vendor.example", "ann@acme.example")) {
      var shown = PORTAL.browser().as(who).get(LIST);
      assertThat(shown.status()).as(who).isEqualTo(403);
      assertThat(shown.text()).doesNotContain("globex", "Waiting 001");
    }
  }
}
