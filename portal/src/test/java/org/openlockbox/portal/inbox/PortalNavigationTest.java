package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.identity.Role;

/// Where one is: each page marks the part of the portal that it belongs to, also below the pages
/// that the navigation names.
final class PortalNavigationTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final Pattern NAVIGATION = Pattern.compile("(?s)<nav class=\"nav\".*?</nav>");

  /// What a phone has no room for, and what it has instead.
  private static final Pattern PHONE = Pattern.compile("(?s)<li class=\"deep\">.*?</li>");

  private static final Pattern MORE = Pattern.compile("(?s)<li class=\"phone\">.*?</li>");
  private static final Pattern MARKED =
      Pattern.compile("<a href=\"([^\"]*)\" aria-current=\"(?:page|true)\">");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static void marks(TestBrowser who, String path, String link) {
    var page = who.get(path);
    assertThat(page.status()).as(path).isEqualTo(200);
    var navigation = NAVIGATION.matcher(page.text());
    assertThat(navigation.find()).as(path).isTrue();
    var onPhones = PHONE.matcher(navigation.group()).replaceAll("<!-- wide only -->");
    assertThat(marked(onPhones)).as("%s on a phone", path).hasSize(1);
    var wide = MORE.matcher(navigation.group()).replaceAll("<!-- phones only -->");
    assertThat(marked(wide)).as(path).containsExactly(link);
  }

  private static List<String> marked(String navigation) {
    return MARKED.matcher(navigation).results().map(one -> one.group(1)).toList();
  }

  @Test
  void eachPageOfATenantMarksWhereOneIs() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var asked = PortalFixture.page(PORTAL.acme.ask("helpdesk"));
    var proposal = ann.post("/access", Map.of("access", "off")).header("Location");
    var request = new String[] {asked, asked + "/live", asked + "/record", "/deny", "/inbox"};
    for (var path : request) {
      marks(ann, path, "/inbox");
    }
    var keys = new String[] {proposal, "/practice", "/founding", "/access", "/keys"};
    for (var path : keys) {
      marks(ann, path, "/keys");
    }
    marks(ann, "/keys/" + PORTAL.passkey.key().keyId(), "/keys");
    var draft =
        Map.of(
            "base",
            ann.get("/policy/edit?as=text").field("base"),
            "text",
            "mode: never",
            "do",
            "propose");
    marks(ann, ann.post("/policy/edit", draft).header("Location"), "/policy");
    marks(ann, "/away", "/policy");
    marks(ann, "/policy/edit", "/policy");
    marks(ann, "/audit/entries/0", "/audit");
    marks(ann, "/notifications/deliveries", "/notifications");
    marks(ann, "/settings", "/settings");
  }

  @Test
  void eachPageOfTheProviderMarksWhereOneIs() {
    var asked = PortalFixture.page(PORTAL.acme.ask("helpdesk"));
    var eve = PORTAL.browser().as("eve@vendor.example");
    marks(eve, asked, "/mine");
    marks(eve, "/ask", "/ask");
    var olga = PORTAL.browser().as("olga@vendor.example");
    marks(olga, "/operation/tenants/acme", "/operation/tenants");
    TestGateway.leased(PORTAL.server);
    marks(olga, "/operation/gateways", "/operation");
    marks(olga, "/operation/gateways/gw-1", "/operation");
    PORTAL.person(Optional.empty(), "max", "max@vendor.example", Role.REVIEWER);
    marks(PORTAL.browser().as("max@vendor.example"), "/reviews", "/reviews");
  }
}
