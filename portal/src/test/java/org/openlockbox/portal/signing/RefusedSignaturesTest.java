package org.openlockbox.portal.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// What is sent as signed and not taken, stands on the tenant's own page and nowhere else.
final class RefusedSignaturesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestServer SERVER = PORTAL.server;
  private static final TestTenant ACME = PORTAL.acme;

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static List<String> noted(String tenant) {
    return SERVER.rows(
        "select about, by_subject, why from refused_signature where tenant_id = '%s' order by n"
            .formatted(tenant));
  }

  private static Answer approve(Answer asked, Envelope signed) {
    return ACME.step("acme-approver", asked, ":approve", TestTenant.envelope(signed));
  }

  @Test
  void aForgedAReplayedAndAnOutdatedApprovalAreRefusedAndNoted() {
    var asked = ACME.ask("helpdesk");
    var id = PortalFixture.id(asked);
    var half = ACME.allowance(Level.MASKED, Duration.ofMinutes(30));
    var other = ACME.decision(TestTenant.ref(ACME.ask("helpdesk")), "acme-ann", Optional.of(half));
    var unsigned = ACME.decision(TestTenant.ref(asked), "acme-ann", Optional.of(half));
    int before = noted("acme").size();
    assertThat(approve(asked, unsigned.signedBy(ACME.engineerKey)).status()).isEqualTo(422);
    assertThat(approve(asked, other.signedBy(ACME.key)).status()).isEqualTo(422);
    var proposal =
        Envelope.unsigned("application/vnd.lockbox.practice.v1+json", unsigned.payloadJson());
    assertThat(approve(asked, proposal.signedBy(ACME.key)).status()).isEqualTo(400);
    var good = unsigned.signedBy(ACME.key);
    assertThat(approve(asked, good).status()).isEqualTo(200);
    assertThat(ACME.revoke(ACME.show(asked)).status()).isEqualTo(200);
    assertThat(approve(ACME.show(asked), good).status()).isEqualTo(409);
    var notes = noted("acme");
    assertThat(notes.subList(before, notes.size()))
        .hasSize(4)
        .allMatch(note -> note.startsWith(id + "|acme-ann|"));
    assertThat(notes.getLast()).endsWith("the access was ended");
  }

  @Test
  void theTenantsPeopleSeeThemAndNobodyElse() {
    var asked = ACME.ask("helpdesk");
    approve(asked, PORTAL.globex.yes(PORTAL.globex.ask("helpdesk")));
    var id = PortalFixture.id(asked);
    var seen = PORTAL.browser().as("aud@acme.example").get("/keys").text();
    assertThat(seen).contains("Signatures that were refused", "/requests/" + id);
    assertThat(PORTAL.browser().as("ann@globex.example").get("/keys").text())
        .doesNotContain("Signatures that were refused", id);
    assertThat(noted("globex")).isEmpty();
  }

  @Test
  void whyIsSaidInTheReadersLanguage() {
    var asked = ACME.ask("helpdesk");
    var signed = ACME.yes(asked);
    assertThat(approve(asked, signed).status()).isEqualTo(200);
    assertThat(ACME.revoke(ACME.show(asked)).status()).isEqualTo(200);
    assertThat(approve(ACME.show(asked), signed).status()).isEqualTo(409);
    var aud = PORTAL.browser().as("aud@acme.example");
    assertThat(aud.get("/keys").text()).contains("The access was ended.");
    assertThat(aud.reads("de").get("/keys").text())
        .contains("Der Zugriff wurde beendet.")
        .doesNotContain("the access was ended");
  }

  /// Two who decide at once are no attack, and do not look like one.
  @Test
  void whatCameTooLateIsToldFromWhatDoesNotHold() {
    var asked = ACME.ask("helpdesk");
    var late = ACME.yes(asked);
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    assertThat(approve(ACME.show(asked), late).status()).isEqualTo(409);
    assertThat(newest()).contains("Too late", "tone-plain").doesNotContain("tone-bad");
    var other = ACME.ask("helpdesk");
    assertThat(approve(other, PORTAL.globex.yes(PORTAL.globex.ask("helpdesk"))).status())
        .isEqualTo(422);
    assertThat(newest()).contains("Does not hold", "tone-bad").doesNotContain("Too late");
  }

  /// The first line of the list.
  private static String newest() {
    return PORTAL
        .browser()
        .as("aud@acme.example")
        .get("/keys")
        .text()
        .replaceAll("(?s).*<ul class=\"lines pad refused\">\\s*<li(.*?)</li>.*", "$1");
  }

  @Test
  void whoHasNoSayLeavesNoNote() {
    var asked = ACME.ask("helpdesk");
    int before = noted("acme").size();
    var signed = TestTenant.envelope(PORTAL.globex.yes(PORTAL.globex.ask("helpdesk")));
    for (var stranger : List.of("globex-approver", "acme-auditor", "engineer", "operator")) {
      assertThat(ACME.step(stranger, asked, ":approve", signed).status()).isIn(403, 404);
    }
    assertThat(noted("acme")).hasSize(before);
  }

  @Test
  void howeverManyComeTheNewestAreKept() {
    var globex = new TestTenant(SERVER, "initech", 1);
    var change = Json.object().put("envelope", globex.yes(globex.ask("helpdesk")).toJson()).build();
    for (int n = 0; n < 205; n++) {
      var profile = "initech-" + n / 41;
      if (n % 41 == 0) {
        SERVER.token(profile, profile, Role.APPROVER, Optional.of(globex.id));
      }
      var answer = SERVER.post(profile, "/v1/tenants/initech/keys", change, Map.of());
      assertThat(answer.status()).isIn(400, 422);
    }
    assertThat(noted("initech")).hasSize(200);
  }

  @Test
  void nobodyPushesOutWhatOthersSent() {
    var hooli = new TestTenant(SERVER, "hooli", 1);
    SERVER.token("hooli-bob", "hooli-bob", Role.APPROVER, Optional.of(hooli.id));
    var change = Json.object().put("envelope", hooli.yes(hooli.ask("helpdesk")).toJson()).build();
    SERVER.post("hooli-approver", "/v1/tenants/hooli/keys", change, Map.of());
    for (int n = 0; n < 205; n++) {
      SERVER.post("hooli-bob", "/v1/tenants/hooli/keys", change, Map.of());
    }
    assertThat(noted("hooli")).hasSize(51).anyMatch(note -> note.startsWith("keyring|hooli-ann|"));
  }
}
