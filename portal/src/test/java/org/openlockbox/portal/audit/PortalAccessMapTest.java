package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.portal.PortalFixture;

/// Who can reach what, and the report of a month.
final class PortalAccessMapTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void whoHasAccessStandsAtItsLevelAndNobodyIsSaidPlainly() {
    var aud = PORTAL.browser().as("aud@acme.example");
    assertThat(aud.get("/reach").text()).contains("Nobody can reach your data right now");
    var request = PORTAL.acme.approved();
    var page = aud.get("/reach").text();
    assertThat(page).contains("Active access (1)", PortalFixture.id(request));
    assertThat(page.substring(page.indexOf("Masked</span></th>"), page.indexOf("Read</span></th>")))
        .contains("eve", PortalFixture.id(request));
    assertThat(PORTAL.browser().as("ann@globex.example").get("/reach").text())
        .contains("Nobody can reach your data right now");
    for (var address : List.of("eve@vendor.example", "olga@vendor.example", "rex@vendor.example")) {
      assertThat(PORTAL.browser().as(address).get("/reach").status()).isEqualTo(404);
    }
    PORTAL.server.pass(Duration.ofMinutes(31));
    assertThat(aud.get("/reach").text()).contains("Nobody can reach your data right now");
  }

  @Test
  void whatThePolicyGivesWithoutAskingStandsAtTheLevelsThatItIsAbout() {
    PORTAL.globex.change(new KeyringChange.Edit.ReplacePolicy(Policy.of(Mode.AUTO_FOR_MY_TICKETS)));
    var page = PORTAL.browser().as("ann@globex.example").get("/reach").text();
    var rule = "For a ticket that we opened";
    assertThat(page.substring(page.indexOf("Masked</span></th>"), page.indexOf("Read</span></th>")))
        .contains(rule);
    assertThat(page.substring(page.indexOf("Read</span></th>"), page.indexOf("</table>")))
        .doesNotContain(rule);
    var german = Map.of("Accept-Language", "de");
    assertThat(PORTAL.browser().as("ann@globex.example").call("GET", "/reach", "", german).text())
        .contains("Für ein Ticket, das wir eröffnet haben")
        .doesNotContain(rule);
  }
}
