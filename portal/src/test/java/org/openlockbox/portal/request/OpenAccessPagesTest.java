package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;

/// An operator sees who can reach which customer's data, and nobody once it has ended.
final class OpenAccessPagesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void theMapNamesSystemCustomerPersonAndLevelUntilAccessEnds() {
    assertThat(OLGA.get("/operation/access").text())
        .contains("Nobody can reach a customer’s data right now");
    var asked = PORTAL.acme.approved();
    var id = PortalFixture.id(asked);
    assertThat(OLGA.get("/operation").text()).contains("href=\"/operation/access\"");
    assertThat(OLGA.get("/operation/access").text())
        .contains("1 request gives access right now", ">helpdesk</td>", ">acme<", ">eve<", "Masked")
        .contains("href=\"/requests/" + id + "\"", "href=\"/operation/tenants/acme\"")
        .contains("<p class=\"crumbs\"><a href=\"/operation\">");
    assertThat(PORTAL.acme.revoke(asked).status()).isEqualTo(200);
    assertThat(OLGA.get("/operation/access").text()).doesNotContain(id);
  }
}
