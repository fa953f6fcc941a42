package org.openlockbox.portal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.signed;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Whom a request waits for: the rule it goes by, who may decide later, and who stands in for whom.
final class PortalAbsenceTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static void apply(String yaml) {
    var read = new PolicyText(new CelConditions()).read(yaml);
    assertThat(read).isInstanceOf(PolicyText.Read.Good.class);
    ACME.change(new KeyringChange.Edit.ReplacePolicy(((PolicyText.Read.Good) read).policy()));
  }

  private static Policy policy() {
    return Policy.parse(
        PORTAL.server.get(ACME.approver(), "/v1/tenants/acme/policy").json().object("policy"));
  }

  private static LocalDateTime inBerlin(Duration fromNow) {
    return PORTAL
        .server
        .clock
        .get()
        .plus(fromNow)
        .atZone(ZoneId.of("Europe/Berlin"))
        .toLocalDateTime()
        .truncatedTo(ChronoUnit.MINUTES);
  }

  private static Map<String, String> away(String standIn, Duration from, Duration until) {
    var fields = new TreeMap<String, String>();
    fields.put("standIn", standIn);
    fields.put("from", inBerlin(from).toString());
    fields.put("until", inBerlin(until).toString());
    return fields;
  }

  private static void sign(String proposal) {
    var handover = ANN.get(proposal).field("handover");
    var page = ANN.approve("/sign/proposal", Map.of("handover", handover), TestBrowser.PORTAL);
    var sent =
        ANN.approve("/sign/proposal/send", signed(page, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
  }

  @Test
  void whoIsAwayNamesAStandInAndIsBackByTwoSignedProposals() {
    apply(
        """
        rules: [{id: one, says: Ann decides., ask: {approvers: first}}]
        groups: {first: [acme-ann]}
        """);
    var proposed = ANN.post("/away", away("acme-bob", Duration.ZERO, Duration.ofDays(9)));
    assertThat(proposed.status()).as(proposed.toString()).isEqualTo(303);
    var proposal = proposed.header("Location");
    assertThat(ANN.get(proposal).text())
        .contains("acme-bob stands in for acme-ann from", "All else in your policy stays as it is");
    assertThat(policy().absences()).isEmpty();
    sign(proposal);
    var absence = policy().absences().getFirst();
    assertThat(absence.window().notAfter())
        .isEqualTo(inBerlin(Duration.ofDays(9)).atZone(ZoneId.of("Europe/Berlin")).toInstant());
    assertThat(ANN.get("/away").text()).contains("acme-bob stands in for acme-ann");
    assertThat(policy().ownRules()).hasSize(1);
    var back = ANN.post("/away/back", Map.of()).header("Location");
    assertThat(ANN.get(back).text()).contains("No longer: acme-bob stands in for acme-ann from");
    sign(back);
    assertThat(policy().absences()).isEmpty();
    assertThat(policy().ownRules()).hasSize(1);
  }

  @Test
  void aProposalLeadsBackToThePageOfWhatItChanges() {
    apply(
        """
        rules: [{id: one, says: Ann decides., ask: {approvers: first}}]
        groups: {first: [acme-ann]}
        """);
    var policy = ANN.post("/away", away("acme-bob", Duration.ZERO, Duration.ofDays(9)));
    assertThat(ANN.get(policy.header("Location")).text())
        .contains("<p class=\"crumbs\"><a href=\"/policy\">Policy</a>");
    var access = ANN.post("/access", Map.of("access", "off"));
    assertThat(ANN.get(access.header("Location")).text())
        .contains("<p class=\"crumbs\"><a href=\"/keys\">Keys</a>");
  }

  @Test
  void aStandInIsAnotherApproverAndTheTimeLiesAhead() {
    for (var standIn : new String[] {"", "acme-ann", "globex-ann", "zoe"}) {
      var sent = ANN.post("/away", away(standIn, Duration.ZERO, Duration.ofDays(1)));
      assertThat(sent.status()).as(standIn).isEqualTo(422);
      assertThat(sent.text()).contains("Choose who stands in for you");
    }
    var over = away("acme-bob", Duration.ofDays(-3), Duration.ofDays(-2));
    assertThat(ANN.post("/away", over).text()).contains("the end lies ahead");
    over.put("until", "tomorrow");
    assertThat(ANN.post("/away", over).status()).isEqualTo(422);
    var auditor = PORTAL.browser().as("aud@acme.example");
    assertThat(auditor.get("/away").status()).isEqualTo(403);
    assertThat(auditor.post("/away/back", Map.of()).status()).isEqualTo(403);
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.get("/away").status()).isEqualTo(404);
  }

  @Test
  void aRequestNamesItsRuleAndWhoMayDecideLater() {
    apply(
        """
        rules: [{id: first, says: The first ones decide., ask: {approvers: first}}]
        groups: {first: [acme-ann], second: [acme-bob]}
        escalation: {after: PT10M, group: second}
        """);
    var page = PortalFixture.page(ACME.ask("helpdesk"));
    assertThat(ANN.get(page).text())
        .contains("By the rule first of your policy", "The first ones decide.")
        .contains("One of the group first has to sign.", "the group second may decide as well");
    PORTAL.server.pass(Duration.ofMinutes(11));
    assertThat(ANN.get(page).text()).contains("Nobody has answered, so the group second");
    apply("mode: ask");
    assertThat(ANN.get(page).text())
        .contains("By the rule first of your policy")
        .doesNotContain("group second");
  }

  @Test
  void theEngineerIsToldOfTheDecisionByTheProvidersOwnMail() {
    apply("mode: ask");
    var asked = ACME.ask("helpdesk");
    assertThat(told(asked)).isEmpty();
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    assertThat(told(asked)).hasSize(1);
    assertThat(told(asked).getFirst()).contains("Approved: your request");
    assertThat(texts(asked).getFirst()).contains("Granted", "masked", "Until", "lockbox psql");
    assertThat(ANN.post(PortalFixture.page(asked) + "/stop", Map.of()).status()).isEqualTo(303);
    assertThat(told(asked)).hasSize(2).anyMatch(mail -> mail.contains("Revoked: your request"));
    assertThat(texts(asked))
        .anyMatch(mail -> mail.contains("was stopped by the customer") && mail.contains("Ended"));
    var completed = ACME.ask("helpdesk");
    assertThat(ACME.approve(completed).status()).isEqualTo(200);
    var eve = PORTAL.browser().as("eve@vendor.example");
    eve.post(PortalFixture.page(completed) + "/complete", Map.of("comment", ""));
    assertThat(told(completed)).hasSize(1);
    apply("mode: never");
    var denied = ACME.ask("helpdesk");
    assertThat(told(denied).getFirst()).contains("Denied: your request");
    var log = PORTAL.server.get(ACME.approver(), "/v1/tenants/acme/deliveries?pageSize=200");
    assertThat(log.toString()).doesNotContain("eve@vendor.example");
  }

  private static List<String> texts(Answer asked) {
    return PORTAL.server.rows(
        "select text_part from outbox where recipient = 'eve@vendor.example' and subject like '%%%s%%'"
            .formatted(PortalFixture.id(asked)));
  }

  private static List<String> told(Answer asked) {
    return PORTAL.server.rows(
        "select subject from outbox where recipient = 'eve@vendor.example' and subject like '%%%s%%'"
            .formatted(PortalFixture.id(asked)));
  }
}
