package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;

/// Many gateways: the operation page shows the few that want a look, the list has each of them
/// once.
final class GatewayListPagesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");
  private static final int FLEET = 119;
  private static final int SHOWN = 6;
  private static final int BUDGET = 100 * 1024;
  private static final Pattern GATEWAY = Pattern.compile("href=\"/operation/gateways/([^\"]*)\"");
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]*)\"");

  @BeforeAll
  static void fleet() {
    TestGateway.leased(PORTAL.server);
    PORTAL.server.execute(
        """
        insert into gateway_boot
        select (jsonb_populate_record(b, jsonb_build_object(
                 'gateway', 'gx-' || to_char(n, 'FM000'),
                 'boot', lpad(to_hex(n), 16, '0'),
                 'gone_at', case when n in (60, 61) then now() end))).*
          from gateway_boot b, generate_series(1, %d) n
         where b.gateway = 'gw-1'
        """
            .formatted(FLEET));
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void theOperationPageShowsThoseThatLetNobodyInFirstAndLeadsToAll() {
    var page = OLGA.get("/operation").text();
    assertThat(page)
        .contains(
            "118<small> / 120</small>", "<a href=\"/operation/gateways\">All 120 gateways</a>");
    var shown = gateways(page);
    assertThat(shown).hasSize(SHOWN).startsWith("gx-060", "gx-061");
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(BUDGET);
  }

  @Test
  void theListHasEachOnceInPages() {
    var seen = new ArrayList<String>();
    var next = Optional.of("/operation/gateways");
    while (next.isPresent()) {
      var page = OLGA.get(next.get()).text();
      assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(BUDGET);
      seen.addAll(gateways(page));
      next = NEXT.matcher(page).results().map(one -> one.group(1)).findFirst();
    }
    assertThat(seen).hasSize(FLEET + 1).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void oneStateAloneIsShownAndAnUnknownOneShowsAll() {
    var silent = OLGA.get("/operation/gateways?state=gone").text();
    assertThat(gateways(silent)).containsExactly("gx-060", "gx-061");
    assertThat(silent).contains(">silent <span class=\"count muted\">2</span>");
    assertThat(gateways(OLGA.get("/operation/gateways?state=%3Cb%3E&after=%3Cb%3E").text()))
        .first()
        .isEqualTo("gw-1");
  }

  @Test
  void nobodyButAnOperatorSeesThem() {
    for (var person : new String[] {"ann@acme.example", "eve@vendor.example"}) {
      assertThat(PORTAL.browser().as(person).get("/operation/gateways").status()).isEqualTo(403);
    }
  }

  private static List<String> gateways(String page) {
    return GATEWAY.matcher(page).results().map(one -> one.group(1)).distinct().toList();
  }
}
