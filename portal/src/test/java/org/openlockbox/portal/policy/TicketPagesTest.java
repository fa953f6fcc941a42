package org.openlockbox.portal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.signed;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// An approver signs for the tenant's own ticket with a passkey, and the rule about such tickets
/// takes it.
final class TicketPagesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page review(String handover, String ticket, String length) {
    return ANN.approve(
        "/sign/ticket",
        Map.of("handover", handover, "ticket", ticket, "length", length),
        TestBrowser.PORTAL);
  }

  private static Page send(Page sign, Passkey key) {
    return ANN.approve("/sign/ticket/send", signed(sign, key), TestBrowser.APPROVE);
  }

  private static String handover() {
    return ANN.get("/tickets").field("handover");
  }

  @Test
  void aTicketThatAPasskeySignedForIsOneOfTheTenants() {
    ACME.change(new KeyringChange.Edit.ReplacePolicy(Policy.of(Mode.AUTO_FOR_MY_TICKETS)));
    assertThat(ACME.ask("helpdesk").json().text("state")).isEqualTo("pending");
    var sign = review(handover(), "SUP-1", "PT8H");
    assertThat(sign.text()).contains("The ticket", "SUP-1", "is ours until");
    var fields = signed(sign, PORTAL.passkey);
    var done = ANN.approve("/sign/ticket/send", fields, TestBrowser.APPROVE);
    assertThat(done.status()).as(done.toString()).isEqualTo(303);
    assertThat(done.header("Location")).isEqualTo(TestBrowser.PORTAL + "/tickets");
    assertThat(ANN.get("/tickets").text()).contains("The ticket SUP-1 is signed.");
    var entry = (TicketEvent) ACME.verifiedLog().getLast().body();
    assertThat(entry.claimed().by().value()).isEqualTo("acme-ann");
    assertThat(ACME.ask("helpdesk").json().text("state")).isEqualTo("approved");
    assertThat(ANN.approve("/sign/ticket/send", fields, TestBrowser.APPROVE).status())
        .isEqualTo(409);
  }

  @Test
  void whatIsNoTicketIsSaidBesideTheFieldAndNothingIsLost() {
    var handover = handover();
    for (var ticket : List.of("", "two words", "-1", "x".repeat(101), "SUP\u200b1")) {
      var again = review(handover, ticket, "PT8H");
      assertThat(again.status()).as(ticket).isEqualTo(422);
      assertThat(again.text()).contains("Type a ticket number").doesNotContain("about to sign");
    }
    var again = review(handover, "two words", "PT8H").text();
    assertThat(again)
        .contains("href=\"" + TestBrowser.PORTAL + "/policy\"")
        .doesNotContain("href=\"/policy\"");
    var fields = Map.of("handover", handover, "ticket", "SUP 2", "length", "PT1H");
    assertThat(ANN.approve("/sign/ticket", fields, TestBrowser.APPROVE).status())
        .as("from the page that says so")
        .isEqualTo(422);
    assertThat(review(handover, "SUP-2", "P300D").status()).isEqualTo(400);
    assertThat(review(handover, "SUP-2", "PT1H").text()).contains("SUP-2");
  }

  /// The form stands on the approve origin then, so that is where it is sent from.
  @Test
  void whatWasTypedWrongIsMendedOnThePageThatSaysSo() {
    var again = review(handover(), "two words", "PT168H");
    assertThat(again.text())
        .contains("href=\"" + TestBrowser.PORTAL + "/policy\"", "value=\"PT168H\" selected")
        .doesNotContain("href=\"/policy\"");
    var fields = Map.of("handover", again.field("handover"), "ticket", "SUP-5", "length", "PT168H");
    var mended = ANN.approve("/sign/ticket", fields, TestBrowser.APPROVE);
    assertThat(mended.status()).as(mended.toString()).isEqualTo(200);
    assertThat(mended.text()).contains("SUP-5");
  }

  @Test
  void theTicketsThatCountNowAreListedUntilTheirTimeIsOver() {
    var globex = PORTAL.globex;
    assertThat(send(review(handover(), "SUP-6", "PT1H"), PORTAL.passkey).status()).isEqualTo(303);
    var listed = PORTAL.browser().as("bob@acme.example").get("/tickets").text();
    assertThat(listed).contains("SUP-6", "acme-ann", "/audit/entries/");
    assertThat(listed).doesNotContain("The ticket SUP-6 is signed.");
    assertThat(PORTAL.browser().as("ann@globex.example").get("/tickets").text())
        .as(globex.id.value())
        .doesNotContain("SUP-6")
        .contains("No ticket counts now.");
    PORTAL.server.pass(Duration.ofMinutes(31));
    assertThat(ANN.get("/tickets").text()).contains("SUP-6");
    PORTAL.server.pass(Duration.ofMinutes(31));
    assertThat(ANN.get("/tickets").text()).doesNotContain("SUP-6");
  }

  @Test
  void aSignatureOfSomebodyElseIsRefusedAndNoted() {
    int size = ACME.verifiedLog().size();
    var sign = review(handover(), "SUP-3", "PT8H");
    assertThat(send(sign, Passkey.es256(TestTenant.RANDOM)).status()).isEqualTo(422);
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(
            PORTAL.server.rows(
                "select by_subject, code from refused_signature where about = 'ticket' and code <> 'role' order by n"))
        .containsExactly("acme-ann|ticket");
  }

  @Test
  void aTokenForSomethingElseSignsForNoTicketAndThisOneForNothingElse() {
    var practice = ANN.get("/practice").field("handover");
    assertThat(review(practice, "SUP-4", "PT8H").status()).isEqualTo(409);
    var fields = Map.of("handover", handover(), "decision", "approve");
    assertThat(ANN.approve("/sign/practice", fields, TestBrowser.PORTAL).status()).isEqualTo(409);
    assertThat(ANN.approve("/sign", fields, TestBrowser.PORTAL).status()).isIn(404, 409);
  }

  @Test
  void onlyApproversSignForTickets() {
    assertThat(PORTAL.browser().as("bob@acme.example").get("/tickets").has("handover")).isFalse();
    assertThat(PORTAL.browser().as("aud@acme.example").get("/tickets").status()).isEqualTo(403);
    for (var stranger : List.of("eve@vendor.example", "olga@vendor.example")) {
      assertThat(PORTAL.browser().as(stranger).get("/tickets").status()).isIn(403, 404);
    }
    var globex = PORTAL.browser().as("ann@globex.example").get("/tickets");
    assertThat(globex.text()).doesNotContain("SUP-1");
  }

  @Test
  void anAccessThatBeginsAfterTheTicketsTimeIsNotOfTheTicket() {
    ACME.change(new KeyringChange.Edit.ReplacePolicy(Policy.of(Mode.AUTO_FOR_MY_TICKETS)));
    assertThat(send(review(handover(), "SUP-9", "PT1H"), PORTAL.passkey).status()).isEqualTo(303);
    var now = PORTAL.server.clock.get();
    assertThat(begins(now.plus(Duration.ofMinutes(30)))).isEqualTo("approved");
    assertThat(begins(now.plus(Duration.ofDays(6)))).isEqualTo("pending");
  }

  private static String begins(Instant at) {
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", "masked")
            .put("purpose", "customer_ticket")
            .put("reason", "Cannot log in")
            .put("ticket", "SUP-9")
            .put("notBefore", at)
            .put("duration", Duration.ofHours(4))
            .put("engineerKey", ACME.engineerKey.key().toJson());
    var asked = PORTAL.server.post("engineer", ACME.requests(), wish.build());
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    return asked.json().text("state");
  }

  @Test
  void whoLosesTheRoleOrSignsOutMeanwhileSignsForNoTicket() {
    int size = ACME.verifiedLog().size();
    var people = PORTAL.server.server(0).people();
    var acme = Optional.of(ACME.id);
    var ann = new SubjectId("acme-ann");
    var sign = review(handover(), "SUP-5", "PT8H");
    var unused = handover();
    people.change(acme, ann, Set.of(Role.AUDITOR));
    assertThat(send(sign, PORTAL.passkey).status()).isEqualTo(403);
    assertThat(review(unused, "SUP-5", "PT8H").status()).isEqualTo(403);
    people.change(acme, ann, Set.of(Role.APPROVER));
    var browser = PORTAL.browser().as("ann@acme.example");
    var out = review(browser.get("/tickets").field("handover"), "SUP-5", "PT8H");
    browser.post("/sign-out", Map.of());
    assertThat(send(out, PORTAL.passkey).status()).isEqualTo(409);
    assertThat(ACME.verifiedLog()).hasSize(size);
  }

  @Test
  void noPageOfAnotherSiteBeginsOrSendsIt() {
    var fields = Map.of("handover", handover(), "ticket", "SUP-6", "length", "PT8H");
    for (var origin : List.of("https://evil.example", TestBrowser.PORTAL + ".example", "null")) {
      assertThat(ANN.approve("/sign/ticket", fields, origin).status()).as(origin).isEqualTo(403);
    }
    var signed = signed(ANN.approve("/sign/ticket", fields, TestBrowser.PORTAL), PORTAL.passkey);
    for (var origin : List.of("https://evil.example", TestBrowser.PORTAL, "null")) {
      assertThat(ANN.approve("/sign/ticket/send", signed, origin).status()).isEqualTo(403);
    }
  }
}
