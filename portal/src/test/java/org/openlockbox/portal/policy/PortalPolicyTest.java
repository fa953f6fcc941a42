package org.openlockbox.portal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.signed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// A policy is read, drafted as a form or as a text, looked at, proposed and signed on pages.
final class PortalPolicyTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  private static final String WHOLE =
      """
      rules:
        - id: mine
          says: "Masked data in Europe: no \\"questions\\" & no <calls>."
          match:
            purposes: [customer_ticket, emergency]
            level: {atLeast: metadata, atMost: masked}
            duration: {atMost: PT4H}
            resources: [helpdesk, billing]
            hours: mon-fri 08:00-18:00 Europe/Berlin
            profile: guarded
            requester: {kinds: [human], countries: [DE, PT], employers: ["Acme, Inc.", Vendor]}
            ownTicket: true
          when: |
            !agent &&
              ticket.startsWith('SUP-')
          approve: {level: metadata, duration: PT1H, rows: 1000, hours: "mon-sun 00:00-00:00 UTC"}
        - id: writes
          says: Two people, one of them from security.
          match: {level: {atLeast: write}}
          ask: {approvers: legal, quorum: 2, atLeast: [{group: security, count: 1}], respondWithin: PT2H}
        - {id: night, says: Nobody at night., match: {hours: "mon-sun 20:00-06:00 UTC"}, deny: {}}
        - {id: all, says: Whatever else there is., approve: {}}
      groups: {security: [acme-ann, acme-bob], legal: [acme-bob]}
      escalation: {after: PT1H, group: security}
      absences: [{of: acme-ann, standIn: acme-bob, notBefore: "2026-12-21T00:00:00Z", notAfter: "2027-01-04T00:00:00Z"}]
      """;

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page edit(TestBrowser browser, Map<String, String> fields) {
    return browser.post("/policy/edit", fields);
  }

  private static Map<String, String> text(String text, String action) {
    var base = ANN.get("/policy/edit?as=text").field("base");
    return new TreeMap<>(Map.of("base", base, "text", text, "do", action));
  }

  private static final Pattern INPUT =
      Pattern.compile("<input((?:\\s+[\\w-]+(?:=\"[^\"]*\")?)*)\\s*>");
  private static final Pattern AREA =
      Pattern.compile("<textarea name=\"([^\"]*)\"[^>]*>\n?(.*?)</textarea>", Pattern.DOTALL);
  private static final Pattern SELECT =
      Pattern.compile(
          "<select name=\"([^\"]*)\"[^>]*>(?:(?!</select>).)*?<option value=\"([^\"]*)\" selected",
          Pattern.DOTALL);

  /// What a browser would send of this page's last form.
  private static Map<String, String> fields(Page page) {
    var form = page.text().substring(page.text().indexOf("action=\"/policy/edit\""));
    var fields = new TreeMap<String, String>();
    for (var input : INPUT.matcher(form).results().toList()) {
      var attributes = input.group(1);
      boolean off = attributes.contains("type=\"radio\"") || attributes.contains("\"checkbox\"");
      if (!off || attributes.contains(" checked")) {
        fields.merge(
            attribute(attributes, "name"), attribute(attributes, "value"), (a, b) -> a + ", " + b);
      }
    }
    for (var area : AREA.matcher(form).results().toList()) {
      fields.put(area.group(1), plain(area.group(2)));
    }
    for (var select : SELECT.matcher(form).results().toList()) {
      fields.put(select.group(1), plain(select.group(2)));
    }
    return fields;
  }

  private static String attribute(String attributes, String name) {
    var found = Pattern.compile(" " + name + "=\"([^\"]*)\"").matcher(attributes);
    return found.find() ? plain(found.group(1)) : "";
  }

  private static String plain(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static Policy read(String text) {
    var read = new PolicyText(new CelConditions()).read(text);
    assertThat(read).as(text).isInstanceOf(PolicyText.Read.Good.class);
    return ((PolicyText.Read.Good) read).policy();
  }

  private static void apply(Policy policy) {
    ACME.change(new KeyringChange.Edit.ReplacePolicy(policy));
  }

  /// Nobody types the id of somebody who is known.
  @Test
  void peopleOfGroupsAndStandInsAreChosenFromAList() {
    PORTAL.server.execute("update person set name = 'Bob Bishop' where subject = 'acme-bob'");
    apply(
        read(
            """
            rules: [{id: all, says: All., ask: {approvers: legal}}]
            groups: {legal: [acme-bob, acme-gone]}
            """));
    var form = ANN.get("/policy/edit").text();
    assertThat(form)
        .contains("name=\"groups[0].people\" value=\"acme-ann\">acme-ann<")
        .contains("name=\"groups[0].people\" value=\"acme-bob\" checked>Bob Bishop (acme-bob)<")
        .contains("name=\"groups[0].people\" value=\"acme-gone\" checked>acme-gone<")
        .contains("name=\"absences[0].standIn\" id=\"absences[0].standIn\"><option value=\"\">")
        .contains("<option value=\"acme-bob\">Bob Bishop (acme-bob)</option>")
        .contains("<datalist id=\"groups\"><option value=\"legal\">");
    assertThat(form)
        .doesNotContainPattern("<input name=\"(?:groups|absences)[^\"]*(?:people|of|standIn)");
    apply(Policy.of(Mode.ASK));
  }

  @Test
  void aRuleAboutOwnTicketsThatChangesNothingSaysHowTicketsAreSigned() {
    var rule =
        """
        rules:
          - {id: own, says: Tickets of ours., match: {ownTicket: true}, approve: {}}
        """;
    assertThat(edit(ANN, text(rule, "look")).text())
        .contains("holds only for tickets that you have signed", "href=\"/tickets\"")
        .contains("If rule own applies: Approve auto", "Otherwise: Your approvers are asked.");
    assertThat(edit(ANN, text(rule.replace("ownTicket: true", ""), "look")).text())
        .doesNotContain("href=\"/tickets\"");
  }

  @Test
  void whoIsToSignSeesAnErrorOfThePolicyAsOne() {
    var draft =
        """
        rules:
          - {id: nine, says: Nine of us., match: {level: {atLeast: write}}, ask: {quorum: 9}}
          - {id: all, says: Whatever else there is., approve: {}}
        """;
    var proposal = edit(ANN, text(draft, "propose")).header("Location");
    var page = ANN.get(proposal);
    var handover = Map.of("handover", page.field("handover"));
    for (var shown : List.of(page, ANN.approve("/sign/proposal", handover, TestBrowser.PORTAL))) {
      assertThat(shown.text())
          .contains("<p class=\"warning error\">Nobody could answer. Rule nine")
          .contains("<p class=\"warning warning\">It may surprise you. Rule all")
          .containsSubsequence("It may surprise you.", "<p class=\"warning\">");
    }
  }

  @Test
  void aModeIsLookedAtProposedAndSignedByPasskey() {
    apply(Policy.ASK);
    var base = ANN.get("/policy").field("base");
    var look = edit(ANN, Map.of("base", base, "onlyMode", "never"));
    assertThat(look.text())
        .contains("requests of the last 90 days would have changed", "Deny, whoever signs.");
    var fields = fields(look);
    fields.put("do", "propose");
    var proposal = edit(ANN, fields).header("Location");
    assertThat(ANN.get(proposal).text())
        .contains("Never", "Nobody gets access to our data.", "Before: Your approvers are asked.");
    var handover = ANN.get(proposal).field("handover");
    var sign = ANN.approve("/sign/proposal", Map.of("handover", handover), TestBrowser.PORTAL);
    var sent =
        ANN.approve("/sign/proposal/send", signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    assertThat(ANN.get("/policy").text()).contains("<h1>Never</h1>", "acme-ann");
    assertThat(ACME.ask("helpdesk").json().text("state")).isEqualTo("denied");
    apply(Policy.ASK);
  }

  @Test
  void formAndTextAreOneModelAndNothingIsLostBetweenThem() {
    var key = CanonicalJson.text(ACME.second.key().toJson());
    var whole = read(WHOLE + "ticketKeys: [{holder: desk, key: " + key + "}]\n");
    var form = edit(ANN, text(PolicyText.yaml(whole), "form"));
    assertThat(form.status()).as(form.toString()).isEqualTo(200);
    var fields = fields(form);
    fields.put("do", "text");
    var back = edit(ANN, fields);
    assertThat(back.status()).as(back.toString()).isEqualTo(200);
    assertThat(read(fields(back).getOrDefault("text", ""))).isEqualTo(whole);
  }

  @Test
  void whatIsWrongIsSaidAtItsPlaceInTheTextAndInTheForm() {
    var text = "rules:\n  - id: x\n    says: x\n    match: {hours: always}\n    deny: {}\n";
    var wrong = edit(ANN, text(text, "look"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text()).contains("Line 4, column 13", "   4      match: {hours: always}");
    var fields = fields(edit(ANN, text(WHOLE, "form")));
    fields.put("rules[1].ask.quorum", "many");
    fields.put("rules[0].says", "<script>alert(1)</script>");
    fields.put("do", "look");
    var bad = edit(ANN, fields);
    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.text())
        .contains("rules[1].ask.quorum", "whole number", "value=\"many\"")
        .doesNotContain("<script>alert");
    fields.put("rules[1].ask.quorum", "2");
    fields.put("rules[0].when", "levle == 1");
    assertThat(edit(ANN, fields).text())
        .contains("Rule 1, And this condition holds (CEL)</a>: line 1, column", "levle");
  }

  @Test
  void rulesAreAddedMovedAndRemovedWithoutScript() {
    var fields = fields(edit(ANN, text(WHOLE, "form")));
    fields.put("do", "up 2");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    assertThat(fields.get("rules[1].id")).isEqualTo("night");
    fields.put("do", "remove 0");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    assertThat(fields.get("rules[0].id")).isEqualTo("night");
    fields.put("do", "add");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    assertThat(fields.get("rules[3].effect")).isEqualTo("ask");
    fields.put("do", "look");
    assertThat(edit(ANN, fields).text())
        .contains("it never decides", "Every request: One approver has to sign.");
    fields.put("rules[3].says", "The rest is asked.");
    assertThat(edit(ANN, fields).text()).contains("it never decides", "The rest is asked.");
  }

  @Test
  void aRuleThatIsAddedStaysWhateverElseIsChosen() {
    apply(Policy.ASK);
    var fields = new TreeMap<>(fields(ANN.get("/policy/edit")));
    assertThat(fields).containsEntry("mode", "ask");
    fields.put("do", "add");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    assertThat(fields).containsEntry("mode", "").containsKey("rules[0].id");
    fields.put("rules[0].says", "Short and masked goes at once.");
    fields.put("rules[0].effect", "approve");
    fields.put("do", "look");
    assertThat(edit(ANN, fields).text()).contains("Short and masked goes at once.");
    fields.put("mode", "ask");
    for (var action : List.of("look", "text", "propose")) {
      fields.put("do", action);
      var refused = edit(ANN, fields);
      assertThat(refused.status()).as(action).isEqualTo(422);
      assertThat(refused.text())
          .contains("Short and masked goes at once.", "There are rules below");
    }
  }

  @Test
  void lengthsOfTimeAreTypedAsPeopleSayThem() {
    apply(Policy.ASK);
    var fields = new TreeMap<>(fields(ANN.get("/policy/edit")));
    fields.put("do", "add");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    fields.put("rules[0].match.duration.atMost", "1 hour");
    fields.put("do", "text");
    var text = edit(ANN, fields);
    assertThat(fields(text).getOrDefault("text", "")).contains("PT1H");
    fields.put("rules[0].match.duration.atMost", "a while");
    fields.put("do", "look");
    var wrong = edit(ANN, fields).text();
    assertThat(wrong)
        .contains(
            "<a href=\"#rules[0].match.duration.atMost\">Rule 1, Duration at most</a>: Enter a length",
            "value=\"a while\" placeholder=\"1 h\" list=\"lengths\" aria-invalid=\"true\"")
        .doesNotContain("ISO 8601", "policy.rules[0]", "{0}");
  }

  @Test
  void aRuleIsSaidFromItsConditionsAndItsAuthorsWordsAreANote() {
    var draft = text(WHOLE, "look");
    assertThat(edit(ANN, draft).text())
        .contains(
            "Requests for a ticket of yours or an emergency",
            "Metadata only to Masked",
            "at most 4 hours",
            "by people",
            "In your words: Two people, one of them from security.");
    var proposal = edit(ANN, text(WHOLE, "propose")).header("Location");
    var page = ANN.get(proposal);
    var sign =
        ANN.approve(
            "/sign/proposal", Map.of("handover", page.field("handover")), TestBrowser.PORTAL);
    assertThat(sign.text()).contains("at most 4 hours", "In your words: Two people");
  }

  @Test
  void whatTheDraftWouldHaveChangedIsSaidAndWhatStandsOut() {
    apply(Policy.ASK);
    var asked = ACME.ask("helpdesk");
    var look =
        edit(
            ANN,
            text(
                "rules: [{id: free, says: Free., approve: {}}, {id: late, says: Late., deny: {}},"
                    + " {id: few, says: Few., ask: {quorum: 9}}]",
                "look"));
    assertThat(look.text())
        .contains("it approves every request", "it gives write access", "it never decides")
        .containsSubsequence(
            ">eve</span>",
            PortalFixture.id(asked),
            "Masked</span>",
            "30 minutes",
            "a ticket of yours",
            "Cannot log in",
            "One approver has to sign.",
            "no rule is about it",
            "tone-good",
            "by rule “free”",
            "the first that is about a request decides");
  }

  @Test
  void aDraftOfAPolicyThatWasReplacedIsRefusedWithTheDifference() {
    apply(Policy.of(Mode.NEVER));
    var draft = text("mode: notify-only", "propose");
    apply(read("rules: [{id: fresh, says: Somebody was faster., deny: {}}]"));
    int size = ACME.verifiedLog().size();
    var refused = edit(ANN, draft);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text())
        .contains("The policy was replaced meanwhile", "Gone: mode \"never\"", "fresh");
    assertThat(ACME.verifiedLog()).hasSize(size);
    var fields = fields(refused);
    fields.put("do", "propose");
    assertThat(edit(ANN, fields).status()).isEqualTo(303);
    apply(Policy.ASK);
  }

  @Test
  void aListOfOneRuleIsSaidAsOne() {
    var draft = text("rules: [{id: one, says: Never., deny: {}}]", "propose");
    var proposal = edit(ANN, draft).header("Location");
    assertThat(ANN.get(proposal).text())
        .contains("Your policy becomes <strong>a list of one rule</strong>.");
    var german = Map.of("Accept-Language", "de");
    assertThat(ANN.call("GET", proposal, "", german).text())
        .contains("Ihre Richtlinie wird <strong>eine Liste mit einer Regel</strong>.");
  }

  @Test
  void aSentenceThatThePortalWroteIsNotRepeatedInAnotherLanguage() {
    var written = "\"Every request: Deny, whoever signs.\"";
    apply(read("rules: [{id: one, says: %s, deny: {}}]".formatted(written)));
    var german = ANN.call("GET", "/policy", "", Map.of("Accept-Language", "de")).text();
    assertThat(german)
        .contains("Jede Anfrage: Ablehnen, wer immer signiert.")
        .doesNotContain("In Ihren Worten", "whoever signs");
    apply(Policy.ASK);
  }

  @Test
  void nobodyElseSeesOrDraftsThePolicy() {
    var eve = PORTAL.browser().as("eve@vendor.example");
    var olga = PORTAL.browser().as("olga@vendor.example");
    for (var stranger : new TestBrowser[] {eve, olga}) {
      assertThat(stranger.get("/policy").status()).isEqualTo(404);
      assertThat(stranger.get("/policy/edit").status()).isEqualTo(404);
      assertThat(edit(stranger, text("mode: never", "propose")).status()).isEqualTo(404);
    }
    var auditor = PORTAL.browser().as("aud@acme.example");
    assertThat(auditor.get("/policy").text()).contains("Your policy").doesNotContain("onlyMode");
    assertThat(auditor.get("/policy/edit").status()).isEqualTo(403);
    assertThat(edit(auditor, text("mode: never", "propose")).status()).isEqualTo(403);
    PORTAL.person(Optional.of(ACME.id), "pol", "pol@acme.example", Role.POLICY_ADMIN);
    var pol = PORTAL.browser().as("pol@acme.example");
    assertThat(edit(pol, text("mode: never", "propose")).status()).isEqualTo(303);
    apply(Policy.of(Mode.NOTIFY_ONLY));
    var globex = PORTAL.browser().as("ann@globex.example");
    assertThat(globex.get("/policy").text())
        .doesNotContain("Approve automatically and notify me</h1>");
    apply(Policy.ASK);
  }

  @Test
  void aRuleThatBeginsWithATemplateSaysWhatItDoesBeforeAnybodyPreviewsIt() {
    apply(Policy.ASK);
    var fields = new TreeMap<>(fields(ANN.get("/policy/edit")));
    fields.put("do", "add");
    fields.put("template", "ticket");
    var page = edit(ANN, fields).text();
    assertThat(page).contains("lasting at most 1 hour, with a ticket that you signed");
    assertThat(page.indexOf("One of yours has signed for the ticket"))
        .isLessThan(page.indexOf("What happens then"));
    assertThat(page)
        .containsSubsequence("More conditions", "your provider’s word about its people");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    fields.put("do", "look");
    assertThat(edit(ANN, fields).text()).contains("at most Masked, lasting at most 1 hour");
  }

  @Test
  void whatWasTypedForAnotherEffectIsNotDroppedWithoutAWord() {
    apply(Policy.ASK);
    var fields = new TreeMap<>(fields(ANN.get("/policy/edit")));
    fields.put("do", "add");
    fields = new TreeMap<>(fields(edit(ANN, fields)));
    fields.put("rules[0].approve.rows", "100");
    fields.put("do", "look");
    var page = edit(ANN, fields);
    assertThat(page.status()).isEqualTo(422);
    assertThat(page.text()).contains("This belongs to another choice", "value=\"100\"");
  }

  @Test
  void aResourceThatTheProviderHasNoMoreStaysInTheForm() {
    apply(Policy.ASK);
    var draft =
        text(
            "rules: [{id: old, says: Old., match: {resources: [helpdesk, gone]}, ask: {quorum: 1}}]",
            "form");
    var form = edit(ANN, draft);
    assertThat(form.text())
        .contains("value=\"gone\" checked>gone", "value=\"helpdesk\" checked>")
        .contains("value=\"billing\">");
  }
}
