package org.openlockbox.portal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.keys.NewTenant;
import org.openlockbox.server.identity.Role;

/// Mail about what is done on pages, to people who chose German.
final class PortalMailLanguageTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static TestBrowser german(String address) {
    var browser = PORTAL.browser().as(address);
    var chosen = Map.of("language", "de", "zone", "Europe/Berlin");
    assertThat(browser.post("/settings", chosen).status()).isEqualTo(303);
    return browser;
  }

  private static String newest(String kind, String to) {
    return PORTAL
        .server
        .rows(
            "select subject || ' ' || text_part || ' ' || html_part from outbox where channel = 'mail' and kind = '%s' and recipient = '%s' order by id desc limit 1"
                .formatted(kind, to))
        .getFirst();
  }

  @Test
  void mailIsInTheLanguageOfTheAccount() {
    german("aud@acme.example");
    PORTAL.browser().askForCode("aud@acme.example");
    assertThat(newest("signIn", "aud@acme.example"))
        .contains("Ihr Code zum Anmelden", "<html lang=\"de\">")
        .doesNotContain("sign-in code", "ignore this mail");
    PORTAL.browser().askForCode("ann@globex.example");
    assertThat(newest("signIn", "ann@globex.example")).contains("Your sign-in code");
  }

  @Test
  void theLanguageOfTheFirstPageIsKeptUntilAnotherIsChosen() {
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-uli", "uli@acme.example", Role.AUDITOR);
    var uli = PORTAL.browser().as("uli@acme.example");
    assertThat(uli.call("GET", "/audit", "", Map.of("Accept-Language", "de-AT")).status())
        .isEqualTo(200);
    assertThat(uli.get("/settings").status()).isEqualTo(200);
    PORTAL.browser().askForCode("uli@acme.example");
    assertThat(newest("signIn", "uli@acme.example"))
        .as("in the language of the browser that asks")
        .contains("Your sign-in code");
    assertThat(PORTAL.server.rows("select language from person where subject = 'acme-uli'"))
        .containsExactly("de");
    assertThat(uli.post("/settings", Map.of("language", "en", "zone", "UTC")).status())
        .isEqualTo(303);
    PORTAL.browser().reads("de").askForCode("uli@acme.example");
    assertThat(newest("signIn", "uli@acme.example")).as("chosen").contains("Your sign-in code");
    assertThat(uli.post("/settings", Map.of("language", "", "zone", "UTC")).status())
        .isEqualTo(303);
    PORTAL.browser().askForCode("uli@acme.example");
    assertThat(newest("signIn", "uli@acme.example")).contains("Your sign-in code");
    PORTAL.browser().reads("de").askForCode("uli@acme.example");
    assertThat(newest("signIn", "uli@acme.example")).contains("Ihr Code zum Anmelden");
  }

  /// Somebody new: nobody at the tenant has a language, and the invited one has no account.
  @Test
  void anInvitationIsInTheLanguageOfThePageOfWhoInvites() {
    var olga = PORTAL.browser().as("olga@vendor.example").reads("de-DE");
    var tenant = Map.of("name", "Deutsch", "id", "deutsch", "admin", "adm@deutsch.example");
    assertThat(olga.post("/operation/new-tenant", tenant).status()).isEqualTo(303);
    assertThat(newest("invitation", "adm@deutsch.example"))
        .contains("Sie sind zu Deutsch eingeladen");
    var admin = new NewTenant(PORTAL.server, "deutsch").joined("adm");
    var lou = Map.of("address", "lou@deutsch.example", "role", "auditor");
    assertThat(admin.reads("de").post("/invitations", lou).status()).isEqualTo(303);
    assertThat(newest("invitation", "lou@deutsch.example"))
        .contains("Sie sind zu Deutsch eingeladen");
    var ned = Map.of("address", "ned@deutsch.example", "role", "auditor");
    assertThat(admin.reads("en").post("/invitations", ned).status()).isEqualTo(303);
    assertThat(newest("invitation", "ned@deutsch.example")).contains("You are invited to Deutsch");
  }

  /// Somebody new among colleagues who read English, or another language than theirs.
  @Test
  void aFirstCodeIsInTheLanguageOfTheBrowserThatAsked() {
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-eva", "eva@acme.example", Role.AUDITOR);
    PORTAL.browser().reads("de-CH").askForCode("eva@acme.example");
    assertThat(newest("signIn", "eva@acme.example")).contains("Ihr Code zum Anmelden");
    PORTAL.browser().askForCode("eva@acme.example");
    assertThat(newest("signIn", "eva@acme.example")).contains("Your sign-in code");
  }

  @Test
  void questionsAnswersAndChangesOfPeopleAreToldInGerman() {
    var eve = german("eve@vendor.example");
    german("bob@acme.example");
    var ann = PORTAL.browser().as("ann@acme.example");
    var contact =
        Map.of(
            "tag", ann.get("/notifications/contact").field("tag").replace("&#34;", "\""),
            "address", "bob@acme.example",
            "audience", "approvers",
            "topic", "requests",
            "zone", "UTC",
            "do", "save");
    assertThat(ann.post("/notifications/contact", contact).status()).isEqualTo(303);
    var asked = PORTAL.acme.ask("helpdesk");
    var comments = page(asked) + "/comments";
    assertThat(ann.post(comments, Map.of("text", "Which one?")).status()).isEqualTo(303);
    assertThat(newest("request.question", "eve@vendor.example"))
        .contains("acme fragt Sie zu R-", "Lesen und beantworten Sie die Frage");
    assertThat(eve.post(comments, Map.of("text", "Number 3.")).status()).isEqualTo(303);
    assertThat(newest("request.answer", "bob@acme.example"))
        .contains("Beantwortet, freigeben?", "Ein Techniker des Anbieters fragt Zugriff auf");
    told();
  }

  /// Who hears of keys hears of people.
  private static void told() {
    PORTAL.server.execute("update contact set topics = '{keyring}' where address like 'bob@%'");
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-adm", "adm@acme.example", Role.TENANT_ADMIN);
    var adm = PORTAL.browser().as("adm@acme.example");
    assertThat(adm.post("/people/acme-aud/roles", Map.of("role", "auditor")).status())
        .isEqualTo(303);
    assertThat(newest("people.changed", "bob@acme.example"))
        .contains("Wer sich anmelden kann, wurde geändert: acme", "Revision");
  }
}
