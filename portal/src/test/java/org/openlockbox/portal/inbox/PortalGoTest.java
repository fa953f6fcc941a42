package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;

/// Going to a page or an id by typing it, without script.
final class PortalGoTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static String leads(TestBrowser who, String typed) {
    return who.get("/go?q=" + typed).header("Location");
  }

  @Test
  void anIdAndTheNameOfAPageLeadThere() {
    assertThat(leads(ANN, "+r-ejstexw8mt+")).isEqualTo("/requests/R-EJSTEXW8MT");
    assertThat(leads(ANN, "P-EJSTEXW8MT")).isEqualTo("/proposals/P-EJSTEXW8MT");
    assertThat(leads(ANN, "%230042")).isEqualTo("/audit/entries/42");
    assertThat(leads(ANN, "repo")).isEqualTo("/figures");
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(leads(eve, "my+acc")).isEqualTo("/mine");
    assertThat(leads(eve, "audit")).as("no page of hers").isEmpty();
    assertThat(leads(eve, "%2342")).as("no log of hers").isEmpty();
  }

  @Test
  void whatIsNoPageIsLookedForAndIsNoWordOfOurs() {
    var page = ANN.get("/go?q=4711%22%3E%3Ci%3E");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text())
        .contains("/audit?value=4711%22%3E%3Ci%3E", "/audit?text=4711", "/audit?person=4711")
        .doesNotContain("<i>");
    assertThat(ANN.get("/go").text()).contains("href=\"/audit\"", "href=\"/settings\"");
    assertThat(ANN.get("/go?q=" + "x".repeat(5000)).status()).isEqualTo(200);
  }

  @Test
  void nobodyIsLedAway() {
    assertThat(leads(ANN, "//evil.example")).isEmpty();
    assertThat(leads(ANN, "https://evil.example")).isEmpty();
    assertThat(leads(ANN, "R-EJSTEXW8MT%0d%0aSet-Cookie:x")).isEmpty();
  }
}
