package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.identity.Role;

/// A form without a field that it needs, as a browser sends it that does not look: the answer is
/// the form again with what was typed, and what is wrong stands beside the field.
final class EmptyFieldsTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static void isTheFormAgain(Page answer, String field, String fault) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text())
        .as(field)
        .containsPattern("<(input|textarea|select)[^>]* name=\"" + field + "\"")
        .contains("aria-invalid=\"true\"", "id=\"" + fault + "\"")
        .containsPattern("aria-describedby=\"" + Pattern.quote(fault) + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "aud@acme.example, /audit/views, name, view-name-fault, level=write",
    "bob@acme.example, /settings, zone, zone-fault, theme=dark",
    "bob@acme.example, /away, standIn, standIn-fault, from=2026-12-24T08:00",
    "bob@acme.example, /away, from, time-fault, standIn=acme-ann",
    "olga@vendor.example, /operation/new-tenant, name, name-fault, id=umbrella",
    "olga@vendor.example, /operation/new-tenant, admin, admin-fault, name=Umbrella Corp",
  })
  void theFormComesAgain(String who, String path, String field, String fault, String typed) {
    var other = typed.split("=", 2);
    var answer = PORTAL.browser().as(who).post(path, Map.of(field, " ", other[0], other[1]));
    isTheFormAgain(answer, field, fault);
    assertThat(answer.text()).contains(other[1]);
  }

  @Test
  void aRequestNeedsItsReason() {
    var eve = PORTAL.browser().as("eve@vendor.example");
    var answer =
        eve.post("/ask", Map.of("do", "send", "reason", " ", "ticket", "SUP-77", "tenant", "acme"));
    isTheFormAgain(answer, "reason", "reason-fault");
    assertThat(answer.text()).contains("value=\"SUP-77\"");
  }

  @Test
  void theFormsOfNotificationsComeAgain() {
    var tag = ANN.get("/notifications/contact").field("tag");
    isTheFormAgain(
        ANN.post("/notifications/contact", Map.of("address", "", "tag", tag)),
        "address",
        "address-fault");
    isTheFormAgain(ANN.post("/notifications/webhooks", Map.of("url", "")), "url", "url-fault");
  }

  @Test
  void anInvitationComesAgainWithItsFault() {
    var answer =
        administrator().post("/invitations", Map.of("address", "nobody", "role", "auditor"));
    isTheFormAgain(answer, "address", "invite-address-fault");
    assertThat(answer.text()).contains("value=\"nobody\"");
  }

  private static TestBrowser administrator() {
    if (PORTAL.server.rows("select 1 from person where subject = 'acme-adm'").isEmpty()) {
      PORTAL.person(Optional.of(PORTAL.acme.id), "acme-adm", "adm@acme.example", Role.TENANT_ADMIN);
    }
    return PORTAL.browser().as("adm@acme.example");
  }

  @Test
  void aPasskeyNeedsAName() {
    var handover = ANN.get("/keys").field("handover");
    for (var bad : new String[] {"", " ", "x".repeat(101), "\u202eenohp"}) {
      var answer =
          ANN.approve(
              "/sign/passkey", Map.of("handover", handover, "name", bad), TestBrowser.PORTAL);
      isTheFormAgain(answer, "name", "name-fault");
      assertThat(answer.field("handover")).as("not used up").isEqualTo(handover);
      assertThat(answer.text()).contains("value=\"" + bad.strip() + "\"");
    }
    var named = Map.of("handover", handover, "name", "Phone");
    assertThat(ANN.approve("/sign/passkey", named, TestBrowser.PORTAL).status()).isEqualTo(200);
  }

  @Test
  void aTicketNeedsItsNumber() {
    var fields =
        Map.of("handover", ANN.get("/tickets").field("handover"), "ticket", "", "length", "PT8H");
    isTheFormAgain(
        ANN.approve("/sign/ticket", fields, TestBrowser.PORTAL), "ticket", "ticket-fault");
  }

  @Test
  void whoSignsInIsToldWhereTheFaultIs() {
    var answer = PORTAL.browser().post("/sign-in", Map.of("address", "ann at acme"));
    isTheFormAgain(answer, "address", "address-fault");
    assertThat(answer.text()).contains("value=\"ann at acme\"");
    var code = PORTAL.browser().post("/sign-in/code", Map.of("code", "", "address", "a@b.example"));
    isTheFormAgain(code, "code", "code-fault");
  }

  @Test
  void whoIsInvitedNeedsAName() {
    var adm = administrator();
    adm.post("/invitations", Map.of("address", "new@acme.example", "role", "auditor"));
    var letter =
        PORTAL
            .server
            .rows(
                "select text_part from outbox where recipient = 'new@acme.example' order by id desc")
            .getFirst();
    var secret = letter.replaceAll("(?s).*/invitation/([A-Za-z0-9_-]+).*", "$1");
    var answer =
        PORTAL.browser().post("/invitation", Map.of("invitation", secret, "name", "\u202eenohp"));
    isTheFormAgain(answer, "name", "name-fault");
    assertThat(answer.text()).contains("value=\"\u202eenohp\"");
  }
}
