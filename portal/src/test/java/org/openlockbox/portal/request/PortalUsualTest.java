package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;
import static org.openlockbox.portal.PortalFixture.signed;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// What is usual, as one tap; and what a page says right after somebody has done something.
final class PortalUsualTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Answer ask(String level, Duration duration) {
    return ask(PORTAL.acme, "provider_maintenance", level, duration);
  }

  private static Answer ask(TestTenant tenant, String purpose, String level, Duration duration) {
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", level)
            .put("purpose", purpose)
            .put("reason", "Look at the queue")
            .put("ticket", "")
            .put("duration", duration)
            .put("engineerKey", tenant.engineerKey.key().toJson())
            .build();
    var asked = PORTAL.server.post("engineer", tenant.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    return asked;
  }

  /// This tenant grants it often enough to be usual.
  private static void grants(TestTenant tenant, String purpose, Duration duration) {
    for (int i = 0; i < 3; i++) {
      var asked = ask(tenant, purpose, "masked", duration);
      var allowed = tenant.allowance(Level.MASKED, duration);
      assertThat(tenant.approve(asked, allowed).status()).isEqualTo(200);
    }
  }

  @Test
  void theUsualIsOneTapAndThePageConfirmsWhatWasDone() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var hour = Duration.ofHours(1);
    var wide = ask("read", Duration.ofHours(4));
    assertThat(ann.get(page(wide)).text()).doesNotContain("As usual");
    for (int i = 0; i < 3; i++) {
      var asked = ask("masked", hour);
      var usual = PORTAL.acme.allowance(Level.MASKED, hour);
      assertThat(PORTAL.acme.approve(asked, usual).status()).isEqualTo(200);
    }
    var shown = ann.get(page(wide));
    assertThat(shown.text()).contains("As usual", "Masked, 1 hour");
    var usual =
        Map.of(
            "decision", "less",
            "level", shown.field("level"),
            "duration", shown.field("duration"),
            "handover", shown.field("handover"));
    var sign = ann.handOver(usual);
    assertThat(sign.text()).contains("Level: Masked, instead of Read", "How long: 1 hour");
    var sent = ann.approve("/sign/send", signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    assertThat(ann.get(page(wide)).text())
        .contains("Approved.", "You can watch it and stop it here.");
    assertThat(PORTAL.browser().as("bob@acme.example").get(page(wide)).text())
        .as("another did it")
        .doesNotContain("You can watch it and stop it here.");
    PORTAL.server.pass(Duration.ofMinutes(3));
    assertThat(ann.get(page(wide)).text()).doesNotContain("You can watch it and stop it here.");
    var narrow = ask("metadata", Duration.ofMinutes(30));
    assertThat(ann.get(page(narrow)).text())
        .as("less than usual already")
        .doesNotContain("As usual");
  }

  @Test
  void theSheetOfLimitsStartsFromWhatIsUsual() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var purpose = "security_incident";
    var wide = ask(PORTAL.acme, purpose, "read", Duration.ofHours(2));
    grants(PORTAL.globex, purpose, Duration.ofMinutes(20));
    assertThat(ann.get(page(wide)).text())
        .as("what another tenant grants")
        .contains("id=\"less\"")
        .doesNotContain("<small>usual</small>", "Set to what is usual");
    grants(PORTAL.acme, purpose, Duration.ofMinutes(20));
    assertThat(ann.get(page(wide)).text())
        .contains("Set to what is usual for a security incident: Masked, 20 minutes.")
        .contains("name=\"level\" value=\"masked\" checked>", "Masked</span> <small>usual</small>")
        .contains("value=\"PT20M\" checked><span>20 minutes <small>usual</small>")
        .contains("href=\"" + page(wide) + "?limits=asked#less\"");
    assertThat(ann.get(page(wide) + "?limits=asked").text())
        .contains("name=\"level\" value=\"masked\">", "Masked</span> <small>usual</small>")
        .contains("name=\"level\" value=\"\" checked>", "Read</span> <small>as requested</small>")
        .contains("value=\"\" checked><span>2 hours <small>as requested</small>")
        .contains("Set to what was requested", "href=\"" + page(wide) + "#less\"");
  }

  @Test
  void anOpenPageFindsOutThatItIsOutdatedAndKeepsNoVisitAlive() {
    var bob = PORTAL.browser().as("bob@acme.example");
    var before = bob.get("/fresh").text();
    assertThat(bob.get("/inbox").text()).contains("data-mark=\"" + before + "\"");
    assertThat(bob.get("/fresh").text()).isEqualTo(before);
    ask("masked", Duration.ofMinutes(30));
    assertThat(bob.get("/fresh").text()).isNotEqualTo(before);
    var globex = PORTAL.browser().as("ann@globex.example");
    assertThat(globex.get("/fresh").text()).as("of their own tenant alone").startsWith("0.0.");
    for (int i = 0; i < 6; i++) {
      assertThat(bob.get("/fresh").status()).isEqualTo(200);
      PORTAL.server.pass(Duration.ofMinutes(10));
    }
    assertThat(bob.get("/inbox").status()).as("an hour without a call").isEqualTo(303);
  }
}
