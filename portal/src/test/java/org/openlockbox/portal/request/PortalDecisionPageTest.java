package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.id;
import static org.openlockbox.portal.PortalFixture.page;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// What an approver is told on the page where they decide: what deserves a second look, what is
/// usual, who has signed and who is still asked, what changed meanwhile; and the inbox before it.
final class PortalDecisionPageTest {
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm");
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestTenant GLOBEX = PORTAL.globex;
  private static final TestBrowser ANN = PORTAL.browser();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  /// Signed in, also after hours that passed in another test.
  private static TestBrowser ann() {
    return ANN.get("/inbox").status() == 200 ? ANN : ANN.as("ann@acme.example");
  }

  private static Answer ask(
      TestTenant tenant, String level, Duration duration, Map<String, String> facts) {
    TestDirectory.write(PORTAL.server, "eve", facts);
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", level)
            .put("purpose", "provider_maintenance")
            .put("reason", "Look at the queue")
            .put("ticket", "")
            .put("duration", duration)
            .put("engineerKey", tenant.engineerKey.key().toJson())
            .build();
    var asked = PORTAL.server.post("engineer", tenant.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    return asked;
  }

  private static Map<String, String> from(String country) {
    return Map.of("country", country, "employer", "Vendor", "kind", "human");
  }

  private static TestBrowser ian() {
    return PORTAL.browser().as("ann@initech.example");
  }

  /// A tenant that has approved an hour of masked access four times, slowly, and was asked once
  /// more.
  private static TestTenant withUsualRequests() {
    var tenant = new TestTenant(PORTAL.server, "initech", 1);
    PORTAL.person(Optional.of(tenant.id), "initech-ann", "ann@initech.example", Role.APPROVER);
    var hour = Duration.ofHours(1);
    var first = ask(tenant, "masked", hour, from("DE"));
    assertThat(ian().get(page(first)).text())
        .contains("This engineer has never asked you for anything before")
        .doesNotContain("Usual for");
    for (int i = 0; i < 4; i++) {
      var asked = ask(tenant, "masked", hour, from("DE"));
      var looked = tenant.allowance(Level.MASKED, hour);
      PORTAL.server.pass(Duration.ofSeconds(8));
      assertThat(tenant.approve(asked, looked).status()).isEqualTo(200);
    }
    return tenant;
  }

  @Test
  void whatDeservesASecondLookIsSaidInAtMostThreeSentences() {
    var tenant = withUsualRequests();
    var usual = ask(tenant, "masked", Duration.ofHours(1), from("DE"));
    assertThat(ian().get(page(usual)).text())
        .contains("Usual for maintenance: Masked, 1 hour, no operation", "4 times in 90 days")
        .contains("answered within less than a minute")
        .doesNotContain("class=\"hints\"");
    PORTAL.server.pass(Duration.ofHours(8));
    TestDirectory.write(PORTAL.server, "rob", from("DE"));
    var eve = new SubjectId("eve");
    var directory = PORTAL.server.server(0).directory();
    directory.register(eve, tenant.engineerKey.key());
    var agent = Map.of("country", "BR", "employer", "Vendor", "kind", "agent");
    var odd = ask(tenant, "read", Duration.ofHours(9), agent);
    directory.forget(eve, tenant.engineerKey.key().keyId());
    assertThat(ian().get(page(odd)).text())
        .contains("They would see personal fields unmasked", "The human who answers for it: rob")
        .contains("asks from Brazil, never from there before", "AI agent")
        .as("three are enough")
        .doesNotContain("more than twice as long", "at this time of the day");
    PORTAL.server.pass(Duration.ofHours(5));
    var late = ask(tenant, "masked", Duration.ofHours(9), from("DE"));
    assertThat(ian().get(page(late)).text())
        .contains("more than twice as long as usual for this purpose (1 hour)")
        .contains("never asked you at this time of the day");
    assertThat(PORTAL.browser().as("eve@vendor.example").get(page(late)).text())
        .as("engineers are not told what is found unusual")
        .doesNotContain("class=\"hints\"", "Usual for");
  }

  private static Policy policy(String json) {
    return Policy.parse(Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void thePageSaysWhoHasSignedAndWhoIsStillAsked() {
    var tenant = new TestTenant(PORTAL.server, "umbrella", 1);
    PORTAL.person(Optional.of(tenant.id), "umbrella-ann", "ann@umbrella.example", Role.APPROVER);
    tenant.change(
        new Edit.ReplacePolicy(
            policy(
                "{'groups':{'legal':['umbrella-bob']},'rules':[{'id':'two','says':'Two, and one of"
                    + " legal.','ask':{'quorum':2,'atLeast':[{'group':'legal','count':1}]}}]}")));
    var asked = tenant.ask("helpdesk");
    var ann = PORTAL.browser().as("ann@umbrella.example");
    assertThat(ann.get(page(asked)).text())
        .contains("2 more have to sign", "Still asked: umbrella-ann, umbrella-bob")
        .contains("At least 1 of legal still missing", "lockbox approve");
    assertThat(tenant.approve(asked).status()).isEqualTo(200);
    assertThat(ann.get(page(asked)).text())
        .contains("One more has to sign", "Still asked: umbrella-bob")
        .contains("umbrella-ann approved it")
        .as("who has approved is not asked again")
        .doesNotContain("lockbox approve");
  }

  @Test
  void whomTheRuleDoesNotAskCanOnlyDeny() {
    var tenant = new TestTenant(PORTAL.server, "duff", 1);
    PORTAL.person(Optional.of(tenant.id), "duff-ann", "ann@duff.example", Role.APPROVER);
    tenant.change(
        new Edit.ReplacePolicy(
            policy(
                "{'groups':{'legal':['duff-bob']},'rules':[{'id':'bob','says':'Bob.','ask':"
                    + "{'approvers':'legal'}}]}")));
    var asked = tenant.ask("helpdesk");
    assertThat(PORTAL.browser().as("ann@duff.example").get(page(asked)).text())
        .contains("Still asked: duff-bob", "The rule asks others: you cannot approve it")
        .doesNotContain("lockbox approve");
    assertThat(tenant.approve(asked).code()).isEqualTo("not_asked");
    var german = Map.of("Accept-Language", "de");
    tenant.change(new Edit.ReplacePolicy(policy("{'mode':'ask'}")));
    assertThat(
            PORTAL
                .browser()
                .as("ann@duff.example")
                .call("GET", page(tenant.ask("helpdesk")), "", german)
                .text())
        .contains("Keine Regel Ihrer Richtlinie, Eintrag ", "betrifft das");
    tenant.change(new Edit.ReplacePolicy(policy("{'mode':'notify-only'}")));
    var given = page(tenant.ask("helpdesk"));
    var ann = PORTAL.browser().as("ann@duff.example");
    assertThat(ann.call("GET", given, "", german).text())
        .contains("Jeder Zugriff wird freigegeben, und wir erfahren davon.");
    assertThat(ann.get(given).text()).contains("Every access is approved, and we are told.");
  }

  @Test
  void theInboxCountsWhatItsReaderIsAskedAbout() {
    var tenant = new TestTenant(PORTAL.server, "hooli", 1);
    for (var name : List.of("ann", "bob")) {
      var address = name + "@hooli.example";
      PORTAL.person(Optional.of(tenant.id), "hooli-" + name, address, Role.APPROVER);
    }
    PORTAL.person(Optional.of(tenant.id), "hooli-aud", "aud@hooli.example", Role.AUDITOR);
    var ann = PORTAL.browser().as("ann@hooli.example");
    assertThat(ann.get("/inbox").text())
        .contains("<h2>Waiting for you (0)</h2>", "No request is waiting for you.")
        .doesNotContain("Waiting for others");
    tenant.change(
        new Edit.ReplacePolicy(
            policy(
                "{'groups':{'legal':['hooli-bob']},'rules':[{'id':'bob','says':'Bob.','match':"
                    + "{'purposes':['provider_maintenance']},'ask':{'approvers':'legal'}},"
                    + "{'id':'two','says':'Two.','ask':{'quorum':2}}]}")));
    var approved = tenant.ask("helpdesk");
    assertThat(tenant.approve(approved).status()).isEqualTo(200);
    var bobs = ask(tenant, "masked", Duration.ofHours(1), from("DE"));
    var open = tenant.ask("helpdesk");
    assertThat(ann.get("/inbox").text())
        .containsSubsequence(
            "<h2>Waiting for you (1)</h2>", page(open), "<h2>Waiting for others</h2>")
        .containsSubsequence("<h2>Waiting for others</h2>", page(approved))
        .containsSubsequence("<h2>Waiting for others</h2>", page(bobs));
    assertThat(PORTAL.browser().as("bob@hooli.example").get("/inbox").text())
        .contains("<h2>Waiting for you (3)</h2>")
        .doesNotContain("Waiting for others");
    assertThat(PORTAL.browser().as("aud@hooli.example").get("/inbox").text())
        .contains("<h2>Waiting (3)</h2>");
  }

  @Test
  void whatGoesOnFromAnotherRequestNamesIt() {
    var first = ACME.ask("helpdesk");
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", "masked")
            .put("purpose", "provider_maintenance")
            .put("reason", "Not done yet")
            .put("ticket", "")
            .put("duration", Duration.ofHours(1))
            .put("engineerKey", ACME.engineerKey.key().toJson())
            .put("extends", id(first))
            .build();
    var asked = PORTAL.server.post("engineer", ACME.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    assertThat(ann().get(page(asked)).text())
        .contains("Extends", "<a href=\"" + page(first) + "\">");
  }

  @Test
  void timesAreToldInTheReadersZoneAndInUtc() {
    var asked = ACME.ask("helpdesk");
    assertThat(ann().get(page(asked)).text()).containsPattern("\\(Berlin\\)</time> <small>= .*UTC");
  }

  @Test
  void wordsThatLookLikeOthersAreMarkedWhereverTheyStand() {
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", "masked")
            .put("purpose", "customer_ticket")
            .put("reason", "one \u0440aypal" + "\n".repeat(300) + "two")
            .put("ticket", "SUP-1")
            .put("duration", Duration.ofMinutes(30))
            .put("engineerKey", ACME.engineerKey.key().toJson())
            .build();
    var asked = PORTAL.server.post("engineer", ACME.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    var shown = ann().get(page(asked)).text();
    assertThat(shown)
        .contains("<mark>\u0440aypal</mark>", "\n\ntwo")
        .contains("mix letters of different alphabets");
    assertThat(shown.split("<mark>", -1)).as("in the facts alone").hasSize(2);
  }

  private static Page handedOver(TestBrowser who, Answer request, String decision) {
    return who.handOver(
        Map.of("handover", who.get(page(request)).field("handover"), "decision", decision));
  }

  @Test
  void whoIsTooLateIsShownWhatChangedFieldByField() {
    var asked = ACME.ask("helpdesk");
    var ann = ann();
    var early = ann.get(page(asked)).field("handover");
    var sign = PortalFixture.signed(handedOver(ann, asked, "approve"), PORTAL.passkey);
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    int size = ACME.verifiedLog().size();
    var unsigned = ann.handOver(Map.of("handover", early, "decision", "approve"));
    assertThat(unsigned.text()).contains("Nothing was signed or sent");
    var signed = ann.approve("/sign/send", sign, TestBrowser.APPROVE);
    assertThat(signed.text()).contains("Your signature came too late");
    for (var late : List.of(unsigned, signed)) {
      assertThat(late.status()).as(late.toString()).isEqualTo(412);
      assertThat(late.text())
          .contains("<del>Waiting</del>", "<ins>Active</ins>")
          .contains("<del>nobody</del>", "<ins>acme-ann</ins>", "Masked, 30 minutes, until")
          .contains("acme-ann approved it", TestBrowser.PORTAL + page(asked));
    }
    assertThat(ACME.verifiedLog()).hasSize(size);
  }

  @Test
  void whoApprovesLessIsToldWhatWasAsked() {
    var asked = ask(ACME, "read", Duration.ofHours(3), from("DE"));
    assertThat(ann().get(page(asked)).text())
        .contains("Read</span> <small>as requested<", "3 hours <small>as requested<")
        .contains("without a limit <small>as requested<");
  }

  @Test
  void aWithdrawalMeanwhileIsShownAsSuch() {
    var asked = ACME.ask("helpdesk");
    var ann = ann();
    var sign = handedOver(ann, asked, "approve");
    assertThat(
            PORTAL
                .server
                .post(
                    "engineer",
                    ACME.requests() + "/" + id(asked) + ":withdraw",
                    Json.object().build())
                .status())
        .isEqualTo(200);
    var late =
        ann.approve("/sign/send", PortalFixture.signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.text()).contains("<ins>Withdrawn</ins>", "eve withdrew it");
  }

  @Test
  void theReasonOfADenialIsACodeThatEachReadsInTheirLanguage() {
    var asked = ACME.ask("helpdesk");
    var ann = ann();
    var fields = new TreeMap<String, String>();
    fields.put("handover", ann.get(page(asked)).field("handover"));
    fields.put("decision", "deny");
    fields.put("reason", "too_much");
    fields.put("text", "Weniger, bitte");
    var sign = ann.handOver(fields);
    assertThat(sign.text()).contains("It is too much: Weniger, bitte");
    var sent =
        ann.approve("/sign/send", PortalFixture.signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    var decided = (RequestEvent.Decided) ACME.verifiedLog().getLast().body();
    assertThat(decided.claimed().comment()).isEqualTo("too_much: Weniger, bitte");
    assertThat(ann.call("GET", page(asked), "", Map.of("Accept-Language", "de")).text())
        .contains("acme-ann hat abgelehnt", "Es ist zu viel: Weniger, bitte");
  }

  @Test
  void whatWasAllowedIsShownNotWhatWasAsked() {
    var asked = ask(ACME, "read", Duration.ofHours(2), from("DE"));
    var ann = ann();
    assertThat(ann.get(page(asked)).text()).contains("They will see", "as they are");
    assertThat(PORTAL.browser().as("eve@vendor.example").get(page(asked)).text())
        .contains("As acme reads it:");
    var less = ACME.allowance(Level.METADATA, Duration.ofMinutes(30));
    PORTAL.server.pass(Duration.ofSeconds(7));
    assertThat(ACME.approve(asked, less).status()).isEqualTo(200);
    assertThat(ann.get(page(asked)).text())
        .contains("<strong>30 minutes</strong>", "They will see", "No values.")
        .doesNotContain("as they are", "As acme reads it:");
    assertThat(ann.post(page(asked) + "/stop", Map.of()).status()).isEqualTo(303);
    assertThat(ann.get(page(asked)).text())
        .contains("was allowed to", "They could see", "Not included")
        .doesNotContain("they cannot change anything");
  }

  @Test
  void whatEndedEarlyIsSaidWithWhatWasAllowedAndAListSaysWhenItCameToIt() {
    var asked = ACME.ask("helpdesk");
    var less = ACME.allowance(Level.MASKED, Duration.ofMinutes(15));
    assertThat(ACME.approve(asked, less).status()).isEqualTo(200);
    PORTAL.server.pass(Duration.ofSeconds(30));
    var ann = ann();
    assertThat(ann.post(page(asked) + "/stop", Map.of()).status()).isEqualTo(303);
    var stopped = "It was stopped after <strong>30 seconds</strong> by <strong>%s</strong>.";
    assertThat(ann.get(page(asked)).text())
        .containsPattern("was allowed to (?s:.*?)<strong>15 minutes</strong>")
        .contains(stopped.formatted("acme-ann"));
    assertThat(PORTAL.browser().as("eve@vendor.example").get(page(asked)).text())
        .contains("<strong>15 minutes</strong>", stopped.formatted("acme-ann"));
    assertThat(ann.call("GET", page(asked), "", Map.of("Accept-Language", "de")).text())
        .contains("15 Minuten", "Beendet nach <strong>30 Sekunden</strong> von <strong>acme-ann");
    var denied = ACME.ask("helpdesk");
    PORTAL.server.pass(Duration.ofHours(1));
    var at = PORTAL.server.clock.get();
    PORTAL.server.post(
        "engineer", ACME.requests() + "/" + id(denied) + ":withdraw", Json.object().build());
    var inbox = ann().get("/inbox").text();
    assertThat(inbox.substring(inbox.indexOf(page(denied))).split("</li>", 2)[0])
        .contains(HOUR.format(at.atZone(ZoneId.of("Europe/Berlin"))));
  }

  @Test
  void peopleAreNamedToTheirOwnSideWithTheirIdsBesideTheNames() {
    var tenant = new TestTenant(PORTAL.server, "massive", 1);
    PORTAL.person(Optional.of(tenant.id), "massive-ann", "ann@massive.example", Role.APPROVER);
    PORTAL.server.execute("update person set name = 'Gus Globe' where subject = 'massive-ann'");
    var asked = tenant.ask("helpdesk");
    assertThat(tenant.approve(asked).status()).isEqualTo(200);
    var gus = PORTAL.browser().as("ann@massive.example");
    assertThat(gus.get(page(asked)).text()).contains("Gus Globe (massive-ann) approved it");
    assertThat(gus.get("/policy").text()).contains("Gus Globe (massive-ann)");
    assertThat(PORTAL.browser().as("eve@vendor.example").get(page(asked)).text())
        .contains("massive-ann of the customer approved it")
        .doesNotContain("Gus Globe");
  }

  @Test
  void whatAnEngineerSaysAtTheEndStandsOnThePageOfTheRequest() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    var done = Json.object().put("comment", "Reset the <login>.").build();
    assertThat(
            PORTAL
                .server
                .post("engineer", ACME.requests() + "/" + id(asked) + ":complete", done)
                .status())
        .isEqualTo(200);
    assertThat(ann().get(page(asked)).text()).contains("Reset the &lt;login&gt;.");
  }

  @Test
  void aRequestOfTheTimeBeforeAnyPolicySaysSoOnceThereIsOne() {
    var tenant = new TestTenant(PORTAL.server, "endframe", 1);
    PORTAL.person(Optional.of(tenant.id), "endframe-ann", "ann@endframe.example", Role.APPROVER);
    var gavin = PORTAL.browser().as("ann@endframe.example");
    var asked = tenant.ask("helpdesk");
    assertThat(gavin.get(page(asked)).text()).contains("You have no policy yet.");
    tenant.change(new Edit.ReplacePolicy(Policy.of(Mode.NEVER)));
    assertThat(gavin.get(page(asked)).text())
        .contains("You had no policy when this was requested")
        .doesNotContain("You have no policy");
  }

  @Test
  void theInboxIsCalmSaysWhoseAccessEndedLastAndStopsWhatIsOpen() {
    PORTAL.person(Optional.of(GLOBEX.id), "globex-aud", "aud@globex.example", Role.AUDITOR);
    var gus = PORTAL.browser().as("ann@globex.example");
    assertThat(gus.get("/inbox").text())
        .contains("Nobody can reach your data right now", "There has been no access yet");
    var denied = GLOBEX.ask("helpdesk");
    PORTAL.server.post(
        "engineer", GLOBEX.requests() + "/" + id(denied) + ":withdraw", Json.object().build());
    assertThat(gus.get("/inbox").text()).as("nobody had access").contains("no access yet");
    var open = GLOBEX.ask("helpdesk");
    assertThat(GLOBEX.approve(open).status()).isEqualTo(200);
    assertThat(PORTAL.browser().as("aud@globex.example").get("/inbox").text())
        .doesNotContain("/stop\"");
    assertThat(gus.get("/inbox").text()).contains("action=\"" + page(open) + "/stop\"");
    assertThat(gus.get(page(denied)).text()).contains("asks to").doesNotContain("They will see");
    PORTAL.server.pass(Duration.ofMinutes(7));
    assertThat(gus.post(page(open) + "/stop", Map.of()).status()).isEqualTo(303);
    assertThat(gus.get("/inbox").text())
        .contains("Nobody can reach your data right now", "Last access ended")
        .contains("helpdesk, Masked, 7 minutes");
    assertThat(ann().get("/inbox").text()).doesNotContain("globex");
  }
}
