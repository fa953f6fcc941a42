package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.made;
import static org.openlockbox.portal.PortalFixture.pae;
import static org.openlockbox.portal.PortalFixture.signed;
import static org.openlockbox.portal.keys.NewTenant.draft;
import static org.openlockbox.portal.keys.NewTenant.make;
import static org.openlockbox.portal.keys.NewTenant.making;
import static org.openlockbox.portal.keys.NewTenant.sign;
import static org.openlockbox.portal.keys.NewTenant.signing;

import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.PasskeyRegistration;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.Founding;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;

/// A tenant begins in the portal: invitation, passkeys, founding; and its keys afterwards.
final class OnboardingTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestServer SERVER = PORTAL.server;
  private static final String WAITS =
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%waiting_tenant%'";

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static NewTenant tenant(String id) {
    return new NewTenant(SERVER, id);
  }

  @Test
  void aTenantIsFoundedByThePasskeysOfItsPeople() {
    var hooli = tenant("hooli");
    var admin = hooli.begun();
    assertThat(admin.get("/keys").header("Location")).isEqualTo("/founding");
    assertThat(admin.get("/founding").text())
        .contains("href=\"/people\"")
        .doesNotContain("href=\"/figures\"", "href=\"/policy\"");
    assertThat(admin.get("/figures").status()).isEqualTo(404);
    var ann = hooli.colleague(admin, "ann", "approver");
    var phone = NewTenant.made(ann, "/founding", true);
    assertThat(ann.get("/founding").text())
        .contains("Set up hooli Ltd", "synced", "Your administrator drafts it");
    assertThat(draft(ann, phone, 1).status()).isEqualTo(403);
    assertThat(draft(admin, phone, 1).status()).isEqualTo(303);
    assertThat(admin.get("/founding").text())
        .contains("It waits for somebody else", "Gateway authority");
    var sign = signing(ann);
    assertThat(sign.text())
        .contains("You are about to sign", "hooli Ltd", "one approver", "Nobody can help then");
    var sent = sign(ann, signed(sign, phone));
    assertThat(sent.header("Location"))
        .as(sent.toString())
        .isEqualTo("http://127.0.0.1/founding#sign");
    SERVER.token("hooli-aud", "hooli-aud", Role.AUDITOR, Optional.of(new TenantId("hooli")));
    var shown = SERVER.get("hooli-aud", "/v1/tenants/hooli").json();
    var pin = shown.text("pin");
    assertThat(ann.get("/founding").text()).contains(pin, "hooli: " + pin);
    var file = ann.get("/founding/pin");
    assertThat(file.text()).isEqualTo(pin + "\n");
    assertThat(file.header("Content-Disposition")).contains("hooli.pin");
    assertThat(ann.get("/keys").text())
        .contains("The only approver decides alone", "href=\"/figures\"");
    assertThat(SERVER.rows("select zone from contact where tenant_id = 'hooli'"))
        .as("in the zone of the browser that signed")
        .containsExactly("Europe/Berlin", "Europe/Berlin");
    assertThat(sign(ann, signed(sign, phone)).status()).isEqualTo(409);
    assertThat(draft(admin, phone, 1).status()).isEqualTo(409);
  }

  @Test
  void aStepIsDoneOnceItIsDoneAndSaysWhoDoesTheNext() {
    var steps = tenant("steps");
    var admin = steps.begun();
    assertThat(done(admin)).isEqualTo(0);
    var ann = Map.of("address", steps.address("ann"), "role", "approver");
    assertThat(admin.post("/invitations", ann).status()).isEqualTo(303);
    assertThat(done(admin)).as("nobody has accepted yet").isEqualTo(0);
    steps.joined("ann");
    assertThat(done(admin)).isEqualTo(1);
  }

  @Test
  void aLoneAdministratorFinishesEachStep() {
    var alone = tenant("alone");
    var admin = alone.begun();
    var key = NewTenant.made(admin, "/founding", true);
    assertThat(admin.get("/founding").text())
        .contains("Your passkey Phone is made.", "Choose it in step 3. It signs in step 4.")
        .doesNotContain("An administrator chooses it");
    assertThat(draft(admin, key, 1).status()).isEqualTo(303);
    assertThat(admin.get("/founding").status()).isEqualTo(200);
    assertThat(admin.get("/founding").text())
        .doesNotContain("Your passkey Phone is made.")
        .contains("Nobody can help then, not even the provider.");
    assertThat(done(admin)).isEqualTo(3);
    var second = NewTenant.made(admin, "/founding", false);
    assertThat(second.key()).isNotEqualTo(key.key());
  }

  private static int done(TestBrowser browser) {
    return Integer.parseInt(
        browser.get("/founding").text().replaceAll("(?s).*<progress[^>]* value=\"(\\d)\".*", "$1"));
  }

  @Test
  void lookingAtAnInvitationTakesNothingAndItIsTakenOnce() {
    var pied = tenant("piper");
    assertThat(pied.invite("operator").status()).isEqualTo(201);
    var link = pied.link("adm");
    var scanner = PORTAL.browser();
    for (int look = 0; look < 3; look++) {
      assertThat(scanner.get(link).text()).contains("You are invited to piper Ltd");
    }
    assertThat(scanner.call("HEAD", link, "", Map.of()).status()).isEqualTo(200);
    assertThat(pied.take(scanner, link).header("Location"))
        .isEqualTo("/sign-in?next=/keys&accepted=yes#address=adm%40piper.example");
    assertThat(pied.take(scanner, link).status()).isEqualTo(404);
    assertThat(pied.invite("operator").code()).isEqualTo("person_exists");
    assertThat(scanner.get(link).status()).isEqualTo(404);
    // To have the link is not to have the mailbox.
    assertThat(scanner.get("/keys").header("Location")).contains("/sign-in");
    assertThat(SERVER.rows("select subject from person where tenant_id = 'piper'"))
        .containsExactly("piper-adm");
  }

  @Test
  void whoIsSignedInAsSomebodyElseLearnsThatTheInvitationIsAcceptedAndForWhom() {
    var umbra = tenant("umbra");
    assertThat(umbra.invite("operator").status()).isEqualTo(201);
    var browser = PORTAL.browser().as("olga@vendor.example");
    var taken = umbra.take(browser, umbra.link("adm"));
    assertThat(taken.status()).isEqualTo(200);
    assertThat(taken.text())
        .contains(
            "You are one of umbra Ltd now",
            "The invitation for adm@umbra.example is accepted.",
            "signed in as olga (olga@vendor.example)",
            "Sign in as adm@umbra.example");
    assertThat(browser.get("/operation").status()).as("goes on").isEqualTo(200);
    var on = browser.post("/invitation/sign-in", Map.of("address", taken.field("address")));
    assertThat(on.header("Location"))
        .isEqualTo("/sign-in?next=/keys&accepted=yes#address=adm%40umbra.example");
    assertThat(browser.get("/operation").status()).as("signed out").isEqualTo(303);
    assertThat(browser.as("adm@umbra.example").get("/founding").status()).isEqualTo(200);
  }

  @Test
  void anInvitationLapsesAndANewerOneEndsIt() {
    var late = tenant("late");
    assertThat(late.invite("operator").status()).isEqualTo(201);
    var first = late.link("adm");
    assertThat(late.invite("operator").status()).isEqualTo(201);
    var second = late.link("adm");
    var browser = PORTAL.browser();
    assertThat(late.take(browser, first).status()).isEqualTo(404);
    for (int more = 0; more < 3; more++) {
      assertThat(late.invite("operator").status()).isEqualTo(201);
    }
    assertThat(late.invite("operator").status()).isEqualTo(429);
    assertThat(browser.get(second).status()).isEqualTo(404);
    var newest = late.link("adm");
    SERVER.pass(Duration.ofDays(7));
    assertThat(late.take(browser, newest).status()).isEqualTo(404);
    assertThat(SERVER.rows("select count(*) from person where tenant_id = 'late'"))
        .containsExactly("0");
  }

  @Test
  void anAdministratorTakesAnInvitationBackAndNobodyElseDoes() {
    var back = tenant("back");
    var admin = back.begun();
    var appr = back.colleague(admin, "ann", "approver");
    var lou = Map.of("address", back.address("lou"), "role", "approver");
    assertThat(admin.post("/invitations", lou).status()).isEqualTo(303);
    var link = back.link("lou");
    assertThat(appr.post("/invitations/withdraw", lou).status()).isEqualTo(403);
    var other = tenant("forth").begun();
    assertThat(other.post("/invitations/withdraw", lou).status()).isEqualTo(303);
    assertThat(PORTAL.browser().get(link).status()).as("still good").isEqualTo(200);
    assertThat(admin.post("/invitations/withdraw", lou).status()).isEqualTo(303);
    assertThat(back.take(PORTAL.browser(), link).status()).isEqualTo(404);
    assertThat(admin.get("/founding").text()).doesNotContain(back.address("lou"));
  }

  @Test
  void whoWasRemovedStaysOutUntilTheyAreInvitedAgain() {
    var left = tenant("left");
    var id = Optional.of(new TenantId("left"));
    var admin = left.begun();
    var people = SERVER.server(0).people();
    var lou = Map.of("address", left.address("lou"), "role", "approver");
    assertThat(admin.post("/invitations", lou).status()).isEqualTo(303);
    var old = left.link("lou");
    people.add(
        new People.NewPerson(
            id,
            new SubjectId("louise"),
            new MailAddress(left.address("lou")),
            "Lou",
            Set.of(Role.AUDITOR)));
    assertThat(people.remove(id, new SubjectId("louise"))).isTrue();
    assertThat(left.take(PORTAL.browser(), old).status()).as("of before").isEqualTo(404);
    assertThat(admin.post("/invitations", lou).status()).isEqualTo(303);
    assertThat(left.joined("lou").get("/founding").status()).isEqualTo(200);
    assertThat(
            SERVER.rows(
                "select subject from person where tenant_id = 'left' and left_at is null order by"
                    + " 1"))
        .containsExactly("left-adm", "louise");
  }

  @Test
  void onlyAnOperatorCreatesATenantAndOnlyItsOwnPeopleFoundIt() {
    var mine = tenant("mine");
    assertThat(mine.invite("engineer").status()).isEqualTo(403);
    assertThat(mine.invite("acme-approver").status()).isEqualTo(403);
    assertThat(tenant("acme").invite("operator").status()).isEqualTo(409);
    assertThat(mine.invite("operator").status()).isEqualTo(201);
    var founding = new Founding(SERVER, "mine", 1, PORTAL.acme.key, PORTAL.acme.second);
    assertThat(founding.send("found-mine").code()).isEqualTo("tenant_waits");
    var operator = PORTAL.browser().as("olga@vendor.example");
    for (var page : List.of("/keys", "/founding", "/founding/pin")) {
      assertThat(operator.get(page).status()).as(page).isEqualTo(404);
    }
    assertThat(operator.post("/founding", Map.of("quorum", "1")).status()).isEqualTo(403);
    assertThat(
            operator
                .post("/invitations", Map.of("address", "o@mine.example", "role", "approver"))
                .status())
        .isEqualTo(404);
  }

  @Test
  void whoLeftMeanwhileIsNoFounder() {
    var gone = tenant("gone");
    var admin = gone.begun();
    var key = NewTenant.made(admin, "/founding", true);
    var lou = gone.colleague(admin, "lou", "approver");
    var other = NewTenant.made(lou, "/founding", true);
    var both = key.key().keyId().hex() + "&key=" + other.key().keyId().hex();
    assertThat(draftOf(admin, both).status()).isEqualTo(303);
    assertThat(sign(lou, signed(signing(lou), other)).status()).isEqualTo(303);
    var last = signing(admin);
    assertThat(admin.post("/people/gone-lou/remove", Map.of()).status()).isEqualTo(303);
    assertThat(sign(admin, signed(last, key)).status()).isEqualTo(409);
    assertThat(SERVER.rows("select 1 from tenant where id = 'gone'")).isEmpty();
    assertThat(admin.get("/founding").text()).contains("Draft it anew");
    assertThat(draft(admin, key, 1).status()).isEqualTo(303);
    assertThat(sign(admin, signed(signing(admin), key)).status()).isEqualTo(303);
    assertThat(SERVER.rows("select id from tenant where id = 'gone'")).hasSize(1);
  }

  /// The operator has begun to replace everybody when the last signature comes.
  @Test
  void whoIsReplacedAtThatMomentFoundsNothing() throws Exception {
    var raced = tenant("raced");
    var admin = raced.begun();
    var key = NewTenant.made(admin, "/founding", true);
    assertThat(draft(admin, key, 1).status()).isEqualTo(303);
    var last = signed(signing(admin), key);
    try (var operator = DriverManager.getConnection(SERVER.jdbcUrl);
        var statement = operator.createStatement();
        var thread = Executors.newSingleThreadExecutor()) {
      operator.setAutoCommit(false);
      statement.execute("select from waiting_tenant where id = 'raced' for update");
      var sent = thread.submit(() -> sign(admin, last));
      Pause.until("it waits for the operator", () -> !SERVER.rows(WAITS).isEmpty());
      statement.execute("update person set left_at = now() where tenant_id = 'raced'");
      operator.commit();
      assertThat(sent.get().status()).isEqualTo(409);
    }
    assertThat(SERVER.rows("select 1 from tenant where id = 'raced'")).isEmpty();
  }

  private static TestBrowser.Page draftOf(TestBrowser admin, String keys) {
    return admin.postRaw("/founding", "quorum=1&key=" + keys);
  }

  @Test
  void whomTheProviderInvitedIsNotLetInOnceTheTenantIsFounded() {
    var firm = tenant("firm");
    var admin = firm.begun();
    assertThat(firm.invite("operator", firm.address("stooge")).status()).isEqualTo(201);
    var lou = Map.of("address", firm.address("lou"), "role", "auditor");
    assertThat(admin.post("/invitations", lou).status()).isEqualTo(303);
    var key = NewTenant.made(admin, "/founding", true);
    assertThat(draft(admin, key, 1).status()).isEqualTo(303);
    assertThat(sign(admin, signed(signing(admin), key)).status()).isEqualTo(303);
    assertThat(firm.take(PORTAL.browser(), firm.link("stooge")).status()).isEqualTo(404);
    assertThat(firm.joined("lou").get("/people").status()).isEqualTo(200);
  }

  @Test
  void anApproverInvitesNobodyAndNobodyIsInvitedToTheProvider() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var invitation = Map.of("address", "x@acme.example", "role", "tenant-admin");
    assertThat(ann.post("/invitations", invitation).status()).isEqualTo(403);
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-adm", "adm@acme.example", Role.TENANT_ADMIN);
    var admin = PORTAL.browser().as("adm@acme.example");
    for (var role : List.of("operator", "engineer", "gateway", "", "nobody")) {
      var sent = admin.post("/invitations", Map.of("address", "x@acme.example", "role", role));
      assertThat(sent.status()).as(role).isEqualTo(422);
    }
    var nowhere = admin.post("/invitations", Map.of("address", "x\"y", "role", "auditor"));
    assertThat(nowhere.status()).isEqualTo(422);
    assertThat(nowhere.text())
        .contains("id=\"invite-address-fault\">Enter an e-mail address", "value=\"x&#34;y\"")
        .contains("value=\"auditor\" checked", "href=\"/people\" aria-current=\"true\"");
    var here = admin.post("/invitations", Map.of("address", "bob@acme.example", "role", "auditor"));
    assertThat(here.status()).isEqualTo(422);
    assertThat(here.text())
        .contains("id=\"invite-address-fault\">Somebody with this address or name is here");
  }

  @Test
  void whatIsNoNewPasskeyOfThisPageIsRefused() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var key = Passkey.another(Scheme.ED25519, false, TestTenant.RANDOM);
    var page = making(ann, "/keys");
    assertThat(page.text()).contains("Make the passkey Phone");
    var unverified = key.register(pae(page), 0x01 | Passkey.AT);
    assertThat(make(ann, made(page, unverified)).status()).isEqualTo(422);
    var other = making(ann, "/keys");
    assertThat(make(ann, made(other, key.register(pae(page)))).status()).isEqualTo(422);
    var signature = making(ann, "/keys");
    var answer = key.register(pae(signature));
    var get =
        new PasskeyRegistration.AttestationResponse(
            Bytes.ofUtf8(answer.clientDataJson().utf8().replace(".create", ".get")),
            answer.authenticatorData());
    assertThat(make(ann, made(signature, get)).status()).isEqualTo(422);
    var elsewhere = making(ann, "/keys");
    var foreign = Passkey.of("evil.example", "https://evil.example", TestTenant.RANDOM);
    assertThat(make(ann, made(elsewhere, foreign.register(pae(elsewhere)))).status())
        .isEqualTo(422);
    var kept = "select count(*) from enrolled_key where key_id = '" + key.key().keyId() + "'";
    assertThat(SERVER.rows(kept)).containsExactly("0");
  }

  @Test
  void anErrandToMakeAPasskeySignsNothingAndTheOtherWayRound() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var toMake = ann.get("/keys").field("handover");
    assertThat(ann.handOver(Map.of("handover", toMake, "decision", "approve")).status())
        .isEqualTo(409);
    for (var door : List.of("/sign/proposal", "/sign/founding")) {
      assertThat(ann.approve(door, Map.of("handover", toMake), TestBrowser.PORTAL).status())
          .as(door)
          .isEqualTo(409);
    }
    var toDecide = ann.get(PortalFixture.page(PORTAL.acme.ask("helpdesk"))).field("handover");
    var crossed =
        ann.approve("/sign/passkey", Map.of("handover", toDecide, "name", "x"), TestBrowser.PORTAL);
    assertThat(crossed.status()).isEqualTo(409);
    var auditor = PORTAL.browser().as("aud@acme.example");
    assertThat(auditor.get("/keys").has("handover")).isFalse();
  }

  @Test
  void aPasskeyIsAddedToTheKeysAndRemovedAgain() {
    var globex = PORTAL.globex;
    var gus = PORTAL.browser().as("ann@globex.example");
    var key = NewTenant.made(gus, "/keys", false);
    var path = "/keys/" + key.key().keyId();
    assertThat(gus.get("/keys").text()).contains("bound to one device", path);
    assertThat(gus.get(path).text()).contains("Propose to add it", "is added");
    assertThat(gus.post(path, Map.of("do", "remove", "quorum", "1")).status()).isEqualTo(412);
    var proposed = gus.post(path, Map.of("do", "add", "quorum", "1"));
    var proposal = proposed.header("Location");
    assertThat(gus.get(proposal).text()).contains("has to sign as well");
    assertThat(gus.get("/keys").text()).contains("Waiting for signatures", proposal);
    var stranger = PORTAL.browser().as("ann@acme.example");
    assertThat(stranger.get(path).status()).isEqualTo(404);
    assertThat(stranger.post(path, Map.of("do", "add", "quorum", "1")).status()).isEqualTo(404);
    assertThat(stranger.post(path + "/forget", Map.of()).status()).isEqualTo(404);
    assertThat(gus.get("/keys/xyz").status()).isEqualTo(404);
    var founder = globex.key.key().keyId();
    assertThat(gus.get("/keys/" + founder).text()).contains("Propose to remove it");
    assertThat(gus.post("/keys/" + founder, Map.of("do", "remove", "quorum", "9")).status())
        .isEqualTo(422);
  }

  @Test
  void aKeyThatWasRemovedIsNotProposedAgain() {
    var acme = PORTAL.acme;
    var ann = PORTAL.browser().as("ann@acme.example");
    var key = NewTenant.made(ann, "/keys", true);
    acme.change(
        new KeyringChange.Edit.AddKey(
            new ApproverKey(new SubjectId("acme-ann"), "Phone", key.key())),
        key);
    var path = "/keys/" + key.key().keyId();
    assertThat(ann.get(path).text()).contains("If you lost it");
    acme.change(new KeyringChange.Edit.RemoveKey(key.key().keyId()));
    assertThat(ann.get(path).status()).isEqualTo(404);
    assertThat(ann.get("/keys").text()).doesNotContain(path);
  }
}
