package org.openlockbox.portal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;

/// Colours, language and zone of one browser.
final class PortalSettingsTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static TestBrowser.Page inbox(TestBrowser browser, String look) {
    return browser.call("GET", "/inbox", "", Map.of("Cookie", "lockbox-look=" + look));
  }

  @Test
  void coloursAndLanguageAreKeptInThisBrowser() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var chosen = Map.of("theme", "dark", "language", "de", "zone", "Europe/Berlin");
    var saved = ann.post("/settings", chosen);
    assertThat(saved.status()).isEqualTo(303);
    assertThat(saved.response().headers().allValues("Set-Cookie"))
        .anyMatch(
            cookie -> cookie.startsWith("lockbox-look=dark.de;") && cookie.contains("HttpOnly"));
    assertThat(inbox(ann, "dark.de").text()).contains("<html lang=\"de\" data-theme=\"dark\">");
    assertThat(inbox(ann, "light.").text()).contains("<html lang=\"en\" data-theme=\"light\">");
  }

  @Test
  void singleKeysAreSwitchedOffInThisBrowser() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var saved = ann.post("/settings", Map.of("zone", "Europe/Berlin", "shortcuts", "off"));
    assertThat(saved.response().headers().allValues("Set-Cookie"))
        .anyMatch(cookie -> cookie.startsWith("lockbox-look=..nokeys;"));
    assertThat(inbox(ann, "..nokeys").text()).contains("data-off=\"\"", "They are off");
    assertThat(inbox(ann, "dark.de").text()).doesNotContain("data-off=\"\"");
  }

  @Test
  void whereSomebodyIsSignedInIsListedAndEndedOneByOne() {
    var here = PORTAL.browser().as("aud@acme.example");
    var there = PORTAL.browser().as("aud@acme.example");
    var page = here.get("/settings");
    assertThat(page.text()).contains("In 2 browsers.", "this browser", "Europe/Berlin");
    var other = page.field("visit");
    var ann = PORTAL.browser().as("ann@acme.example");
    assertThat(ann.post("/settings/sign-out", Map.of("visit", other)).status()).isEqualTo(404);
    assertThat(there.get("/inbox").status()).isEqualTo(200);
    assertThat(here.post("/settings/sign-out", Map.of("visit", other)).status()).isEqualTo(303);
    assertThat(here.get("/settings").text()).contains("You are signed out in that browser.");
    assertThat(there.get("/inbox").status()).isEqualTo(303);
    assertThat(here.get("/inbox").status()).isEqualTo(200);
  }

  /// Signed out in another tab: the page that was open says so, and what was typed is not lost.
  @Test
  void whoWasSignedOutMeanwhileIsToldAndReadsTheirWordsAgain() {
    var bob = PORTAL.browser().as("bob@acme.example");
    var token = bob.get("/inbox").field("token");
    var body = "token=%s&zone=Europe%%2FBerlin&note=Why+is+it+<b>urgent</b>+today".formatted(token);
    var headers =
        Map.of(
            "Origin",
            TestBrowser.PORTAL,
            "Sec-Fetch-Site",
            "same-origin",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(bob.post("/sign-out", Map.of()).status()).isEqualTo(303);
    var page = bob.call("POST", "/settings", body, headers);
    assertThat(page.status()).isEqualTo(401);
    assertThat(page.text())
        .contains(
            "You are signed out",
            "What you had written",
            "Why is it &lt;b&gt;urgent&lt;/b&gt; today",
            "href=\"/sign-in?next=%2F\"");
    var elsewhere = bob.call("POST", "/settings", body, Map.of("Sec-Fetch-Site", "cross-site"));
    assertThat(elsewhere.status()).isEqualTo(403);
    assertThat(elsewhere.text()).doesNotContain("urgent");
  }

  @Test
  void ownKeysSayWhenTheySignedLastAndWhatLosingThemMeans() {
    var ann = PORTAL.browser().as("ann@acme.example");
    assertThat(ann.get("/settings").text())
        .contains("Ann's phone", "has not signed yet", "You have 2 keys.")
        .doesNotContain("· last signed");
    var aud = PORTAL.browser().as("aud@acme.example");
    assertThat(aud.get("/keys").text())
        .contains("Ann's phone", "has not signed yet")
        .doesNotContain("· last signed");
    var proposal = ann.post("/access", Map.of("access", "audit-only")).header("Location");
    var handover = ann.get(proposal).field("handover");
    var sign = ann.approve("/sign/proposal", Map.of("handover", handover), TestBrowser.PORTAL);
    ann.approve(
        "/sign/proposal/send", PortalFixture.signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(ann.get("/settings").text()).contains("· last signed");
    assertThat(aud.get("/keys").text()).as("of a colleague").contains("· last signed");
    assertThat(aud.post("/sign-out", Map.of()).status()).isEqualTo(303);
  }

  @Test
  void aCookieOfSomebodyElseChoosesNothing() {
    var ann = PORTAL.browser().as("ann@acme.example");
    for (var odd : new String[] {"", ".", "dark", "x.y", "dark\"onload=.de", "..", "DARK.fr"}) {
      assertThat(inbox(ann, odd).text()).as(odd).contains("<html lang=\"en\">");
    }
  }

  @Test
  void timesFollowTheZoneAndAZoneThatIsNoneIsNamed() {
    var bob = PORTAL.browser().as("bob@acme.example");
    assertThat(bob.post("/settings", Map.of("zone", "Asia/Tokyo")).status()).isEqualTo(303);
    assertThat(bob.get("/inbox").text()).contains("Times: UTC+09:00 (Tokyo)");
    var wrong = bob.post("/settings", Map.of("zone", "Tokio"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text()).contains("such as Europe/Berlin", "value=\"Tokio\"");
    assertThat(bob.post("/settings", Map.of("zone", "UTC")).status()).isEqualTo(303);
    assertThat(bob.get("/settings").text()).contains("Times: UTC<", "In this browser only.");
  }
}
