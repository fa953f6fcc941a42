package org.openlockbox.portal.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.pae;
import static org.openlockbox.portal.PortalFixture.page;
import static org.openlockbox.portal.PortalFixture.signed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// The way of a decision: the portal hands over, the approve origin shows what is signed, a passkey
/// signs it, once.
final class PortalSigningTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  private static final String EXPERT =
      "EXPERT: statements are not judged; only the rights in the database limit them";

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page handedOver(TestBrowser ann, Answer request, Map<String, String> choice) {
    var fields = new TreeMap<>(choice);
    fields.put("handover", ann.get(page(request)).field("handover"));
    return ann.handOver(fields);
  }

  private static String state(Answer request) {
    return ACME.show(request).json().text("state");
  }

  private static Page send(TestBrowser ann, Map<String, String> fields) {
    return ann.approve("/sign/send", fields, TestBrowser.APPROVE);
  }

  @Test
  void anApproverSignsWithAPasskey() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var sign = handedOver(ann, asked, Map.of("decision", "approve"));
    assertThat(sign.status()).as(sign.toString()).isEqualTo(200);
    assertThat(sign.text())
        .contains("You are about to sign", "masked", "30 minutes", "Germany", "<dt>Ticket</dt>");
    var sent = send(ann, signed(sign, PORTAL.passkey));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    assertThat(sent.header("Location")).isEqualTo(TestBrowser.PORTAL + page(asked));
    assertThat(state(asked)).isEqualTo("approved");
    assertThat(ann.get(page(asked)).text()).contains("Active");
  }

  @Test
  void anApproverAllowsLess() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var sign =
        handedOver(
            ann,
            asked,
            Map.of("decision", "less", "level", "metadata", "duration", "PT15M", "rows", "100"));
    assertThat(sign.text()).contains("15 minutes", "at most 100 rows", "structure");

    assertThat(send(ann, signed(sign, PORTAL.passkey)).status()).isEqualTo(303);
    var grant = ACME.show(asked).json().object("grant");
    assertThat(grant.text("level")).isEqualTo("metadata");
    assertThat(grant.number("rowBudget")).isEqualTo(100);
    assertThat(ann.get("/audit").text()).contains("granted: Metadata only");
  }

  @Test
  void whoLimitsNothingIsNotLedToApproveAll() {
    var asked = ACME.ask("helpdesk");
    var sign = handedOver(ANN, asked, Map.of("decision", "less", "level", "", "duration", ""));
    assertThat(sign.status()).isEqualTo(303);
    assertThat(sign.header("Location")).endsWith(page(asked) + "?limits=nothing#less");
    assertThat(ANN.get(page(asked) + "?limits=nothing").text())
        .contains("role=\"alert\">Nothing here is less than requested.");
    assertThat(state(asked)).isEqualTo("pending");
  }

  /// The fault stands at the tables, and what else was chosen stays chosen.
  @Test
  void whoLeavesNoTableKeepsTheirOtherLimits() {
    var asked = ACME.ask("helpdesk");
    var chosen = Map.of("decision", "less", "tables", "2", "level", "metadata", "rows", "100");
    var again = handedOver(ANN, asked, chosen).header("Location");
    assertThat(again).endsWith(page(asked) + "?limits=tables&level=metadata&rows=100#less");
    assertThat(ANN.get(again.substring(TestBrowser.PORTAL.length())).text())
        .contains("id=\"tables-fault\" role=\"alert\">Leave at least one table ticked")
        .contains("aria-describedby=\"tables-fault\"")
        .contains("value=\"metadata\" checked>", "name=\"rows\" value=\"100\" checked>")
        .doesNotContain("name=\"rows\" value=\"1000\" checked>");
    assertThat(state(asked)).isEqualTo("pending");
  }

  @Test
  void anExpertsAccessIsNamedAsSuchWhereItIsApproved() {
    var wish =
        ACME.wishing("helpdesk").put("sql", Json.object().put("profile", "expert").build()).build();
    var asked = PORTAL.server.post("engineer", ACME.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    assertThat(ANN.get(page(asked)).text()).contains(EXPERT, "Only guarded statements");
    assertThat(ANN.call("GET", page(asked), "", Map.of("Accept-Language", "de")).text())
        .contains("EXPERTE: Anweisungen werden nicht beurteilt; nur die Rechte in der Datenbank");
    assertThat(handedOver(ANN, asked, Map.of("decision", "approve")).text())
        .contains("You are about to sign", EXPERT);
    var less =
        handedOver(ANN, asked, Map.of("decision", "less", "level", "masked", "profile", "guarded"));
    assertThat(less.text()).contains("You are about to sign");
    assertThat(send(ANN, signed(less, PORTAL.passkey)).status()).isEqualTo(303);
    assertThat(ACME.show(asked).json().object("grant").optionalObject("sql")).isEmpty();
    assertThat(ANN.get(page(asked)).text()).doesNotContain(EXPERT);
  }

  @Test
  void aDenialSaysWhy() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var unsaid =
        handedOver(ann, asked, Map.of("decision", "deny", "text", "Ask <b>Bob</b>, he knows"));
    assertThat(unsaid.status()).isEqualTo(422);
    assertThat(unsaid.text())
        .contains("href=\"#reason\">Choose why you deny it", "id=\"reason-fault\"")
        .as("nothing that was typed is lost, and the token is good still")
        .contains("Ask &lt;b&gt;Bob&lt;/b&gt;, he knows</textarea>", "name=\"handover\"");
    var sign =
        handedOver(
            ann,
            asked,
            Map.of(
                "decision", "deny", "reason", "too_much", "text", "Ask for less, <b>please</b>"));
    assertThat(sign.text()).contains("It is too much: Ask for less, &lt;b&gt;please");
    assertThat(send(ann, signed(sign, PORTAL.passkey)).status()).isEqualTo(303);
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("denied");
  }

  @Test
  void whoeverTypesWhatNoEntryCanHoldIsToldWhatToLeaveOut() {
    var asked = ACME.ask("helpdesk");
    var sign =
        handedOver(
            ANN, asked, Map.of("decision", "deny", "reason", "other", "text", "no \u2764\ufe0f"));
    assertThat(sign.status()).isEqualTo(422);
    assertThat(sign.text())
        .contains("some emoji hold one", "id=\"text-fault\"", "no \u2764\ufe0f</textarea>")
        .contains("value=\"other\" checked")
        .doesNotContain("Go back");
    assertThat(state(asked)).isEqualTo("pending");
  }

  @Test
  void anApproverRevokesWithAPasskeyAndNothingIsSignedTwice() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    var sign = handedOver(ANN, asked, Map.of("decision", "revoke"));
    assertThat(sign.text()).contains("loses access");
    var late = handedOver(ANN, asked, Map.of("decision", "revoke"));
    assertThat(send(ANN, signed(sign, PORTAL.passkey)).status()).isEqualTo(303);
    assertThat(state(asked)).isEqualTo("revoked");
    assertThat(send(ANN, signed(late, PORTAL.passkey)).status()).isIn(409, 412);
    assertThat(ANN.get(page(asked)).has("handover")).isFalse();
  }

  @Test
  void anyApproverStopsAccessWithoutAKey() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    var bob = PORTAL.browser().as("bob@acme.example");
    assertThat(bob.get(page(asked)).has("handover")).as("bob has no passkey").isFalse();
    assertThat(bob.post(page(asked) + "/stop", Map.of()).status()).isEqualTo(303);
    assertThat(state(asked)).isEqualTo("revoked");
  }

  @Test
  void moreThanWasAskedIsNotEvenDrafted() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    for (var wider :
        List.of(Map.of("level", "write"), Map.of("level", "read"), Map.of("duration", "P1D"))) {
      var choice = new TreeMap<>(wider);
      choice.put("decision", "less");
      assertThat(handedOver(ann, asked, choice).status()).isEqualTo(422);
    }
    assertThat(handedOver(ann, asked, Map.of("decision", "less", "rows", "-1")).status())
        .isEqualTo(400);
    assertThat(state(asked)).isEqualTo("pending");
  }

  @Test
  void takingAwayEveryTableDoesNotAllowThemAll() {
    var asked = ACME.ask("helpdesk");
    assertThat(handedOver(ANN, asked, Map.of("decision", "less", "tables", "2")).status())
        .isEqualTo(303);
    assertThat(state(asked)).isEqualTo("pending");
  }

  @Test
  void aHandoverIsTakenOnce() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var token = ann.get(page(asked)).field("handover");
    var choice = Map.of("handover", token, "decision", "approve");
    assertThat(ann.handOver(choice).status()).isEqualTo(200);
    var again = ann.handOver(choice);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text()).contains("This page counts once. If you have signed, that counts.");
  }

  /// In the reader's language; what the server itself says is folded beneath it.
  @Test
  void whyAPageWasRefusedIsSaidInGermanToo() {
    var page = ANN.call("POST", "/settings", "", Map.of("Accept-Language", "de"));
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.text())
        .contains(
            "<p>Ihre Rolle erlaubt das nicht, oder die Seite war zu alt.</p>",
            "<summary>Meldung des Servers</summary><p lang=\"en\">this was not sent from a page of ours");
  }

  @Test
  void aSignatureIsSentOnce() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var fields = signed(handedOver(ann, asked, Map.of("decision", "approve")), PORTAL.passkey);
    assertThat(send(ann, fields).status()).isEqualTo(303);
    int size = ACME.verifiedLog().size();
    assertThat(send(ann, fields).status()).isEqualTo(409);
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(noted(asked))
        .containsExactly("acme-ann|this page was used already, or was open for too long");
  }

  @Test
  void aHandoverIsNoGoodAfterAWhileOrAfterSigningOut() {
    var asked = ACME.ask("helpdesk");
    var ann = PORTAL.browser().as("ann@acme.example");
    var token = ann.get(page(asked)).field("handover");
    assertThat(ann.post("/sign-out", Map.of()).status()).isEqualTo(303);
    var choice = Map.of("handover", token, "decision", "approve");
    assertThat(ann.handOver(choice).status()).isEqualTo(409);
    var again = PORTAL.browser().as("ann@acme.example");
    var late = again.get(page(asked)).field("handover");
    PORTAL.server.pass(Duration.ofMinutes(16));
    assertThat(again.handOver(Map.of("handover", late, "decision", "approve")).status())
        .isEqualTo(409);
  }

  @Test
  void aRequestThatWasDecidedMeanwhileIsNotSigned() {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var early = ann.get(page(asked)).field("handover");
    var sign = handedOver(ann, asked, Map.of("decision", "approve"));
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    assertThat(ann.handOver(Map.of("handover", early, "decision", "approve")).status())
        .isEqualTo(412);
    int size = ACME.verifiedLog().size();
    var sent = send(ann, signed(sign, PORTAL.passkey));
    assertThat(sent.status()).as(sent.toString()).isIn(409, 412);
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(sent.text())
        .contains("Your signature came too late")
        .doesNotContain("Nothing was signed");
    assertThat(noted(asked)).containsExactly("acme-ann|the request has been approved already");
  }

  /// A browser that goes back comes by an address that it can ask for again.
  @Test
  void whoGoesBackToTheSigningPageComesToTheRequestAsItIsNow() {
    var asked = ACME.ask("helpdesk");
    var sign = handedOver(ANN, asked, Map.of("decision", "approve"));
    var path = page(asked).substring(1);
    assertThat(sign.text()).contains("data-again=\"/sign?page=" + path + "\"");
    assertThat(back(path)).isEqualTo(TestBrowser.PORTAL + page(asked));
    assertThat(back("ask/passkey")).isEqualTo(TestBrowser.PORTAL + "/ask/passkey");
    for (var elsewhere :
        List.of(
            "//evil.example",
            "https://evil.example",
            "/%5cevil",
            "@evil.example",
            "",
            "a/b/c",
            "/a")) {
      assertThat(back(elsewhere)).as(elsewhere).isEqualTo(TestBrowser.PORTAL + "/");
    }
  }

  private static String back(String page) {
    var there = Map.of("Host", "approve.acme.example");
    var answer = ANN.call("GET", "/sign?page=" + page, "", there);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(303);
    return answer.header("Location");
  }

  @Test
  void anApprovalAfterTheRevocationIsRefused() {
    var asked = ACME.ask("helpdesk");
    var fields = signed(handedOver(ANN, asked, Map.of("decision", "approve")), PORTAL.passkey);
    var approved = ACME.approve(asked);
    assertThat(ACME.revoke(approved).status()).isEqualTo(200);
    int size = ACME.verifiedLog().size();
    assertThat(send(ANN, fields).status()).isIn(409, 412);
    assertThat(state(asked)).isEqualTo("revoked");
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(noted(asked)).hasSize(1);
  }

  private static void isRefused(Function<Page, Map<String, String>> answer) {
    var asked = ACME.ask("helpdesk");
    var ann = ANN;
    var sign = handedOver(ann, asked, Map.of("decision", "approve"));
    int size = ACME.verifiedLog().size();
    var sent = send(ann, answer.apply(sign));
    assertThat(sent.status()).as(sent.toString()).isIn(400, 422);
    assertThat(state(asked)).isEqualTo("pending");
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(noted(asked)).as("what was refused is noted").hasSize(1);
  }

  /// What was refused about a request, as the tenant's people see it.
  private static List<String> noted(Answer request) {
    assertThat(ANN.get("/keys").text()).contains(page(request) + "\"");
    return PORTAL.server.rows(
        "select by_subject, why from refused_signature where tenant_id = 'acme' and about = '%s'"
            .formatted(PortalFixture.id(request)));
  }

  @Test
  void aPasskeyThatDidNotVerifyItsUserIsRefused() {
    isRefused(
        sign -> {
          var noUser = Passkey.authenticatorData(Passkey.RP_ID, 0x01);
          return signed(sign, PORTAL.passkey.sign(Passkey.clientData(pae(sign)), noUser));
        });
  }

  @Test
  void anAssertionOfAnotherOriginIsRefused() {
    for (var origin :
        List.of(
            "http://approve.acme.example",
            "https://evil.approve.acme.example",
            "https://approve.acme.example:8443",
            TestBrowser.PORTAL)) {
      isRefused(sign -> signed(sign, assertion(Passkey.clientData(pae(sign), origin))));
    }
  }

  @Test
  void anAssertionForAnotherRelyingPartyIsRefused() {
    isRefused(
        sign -> {
          var other = Passkey.authenticatorData("acme.example", Passkey.UP_UV);
          return signed(sign, PORTAL.passkey.sign(Passkey.clientData(pae(sign)), other));
        });
  }

  @Test
  void anAssertionFromInsideAnotherPageIsRefused() {
    isRefused(
        sign ->
            signed(
                sign,
                assertion(
                    Passkey.clientData(pae(sign))
                        .replace("\"crossOrigin\":false", "\"crossOrigin\":true"))));
  }

  @Test
  void anAnswerToASignInIsNoApproval() {
    isRefused(
        sign ->
            signed(
                sign,
                assertion(
                    Passkey.clientData(pae(sign)).replace("webauthn.get", "webauthn.create"))));
  }

  @Test
  void anAssertionOverAnythingElseIsRefused() {
    isRefused(
        sign -> {
          var other = pae(sign).plus(Bytes.ofUtf8(" "));
          return signed(sign, assertion(Passkey.clientData(other)));
        });
  }

  @Test
  void anotherPasskeyIsRefused() {
    isRefused(sign -> signed(sign, Passkey.es256(TestTenant.RANDOM)));
    isRefused(
        sign -> {
          var fields = signed(sign, PORTAL.passkey);
          fields.put("credential", "AAAA");
          return fields;
        });
  }

  private static Signature.WebAuthn assertion(String clientData) {
    return PORTAL.passkey.sign(clientData, Passkey.authenticatorData(Passkey.RP_ID, Passkey.UP_UV));
  }
}
