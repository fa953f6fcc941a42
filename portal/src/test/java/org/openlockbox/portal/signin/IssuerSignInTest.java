package org.openlockbox.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.keys.NewTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.oidc.OidcIssuer;

/// Sign-in at issuers that lie, that are silent, and that change their minds.
final class IssuerSignInTest {
  private static final IssuerFixture ISSUERS = new IssuerFixture();

  @AfterAll
  static void close() {
    ISSUERS.close();
  }

  @BeforeEach
  void restore() {
    ISSUERS.restore();
  }

  @Test
  void groupsBecomeRolesAndNothingSecretIsStored() {
    var pat = ISSUERS.somebody("lockbox-approvers", "lockbox-auditors", "strangers");
    var browser = ISSUERS.browser();
    browser.get("/sign-in");
    var before = browser.cookie();
    var page = ISSUERS.signIn(browser, pat);
    assertThat(page.status()).isEqualTo(303);
    assertThat(page.header("Location")).isEqualTo("/inbox");
    assertThat(browser.cookie()).as("a new secret at sign-in").isNotEqualTo(before);
    assertThat(ISSUERS.isIn(browser)).isTrue();
    assertThat(ISSUERS.roles(pat)).isEqualTo("{approver,auditor}");
    var stored =
        ISSUERS.server.rows("select encode(refresh, 'escape'), standing::text from standing");
    assertThat(stored).isNotEmpty().noneMatch(row -> row.contains("refresh-secret"));
  }

  @Test
  void whoSignsOutIsShownTheWayOutOfTheIssuerAsWell() {
    var browser = ISSUERS.browser();
    ISSUERS.signIn(browser, ISSUERS.somebody("lockbox-approvers"));
    var out = browser.get(browser.post("/sign-out", Map.of()).header("Location"));
    assertThat(out.text()).contains("href=\"/sign-in/leave/acme\"");
    assertThat(browser.get("/sign-in/leave/acme").header("Location"))
        .isEqualTo(ISSUERS.acmeIssuer.url() + "/leave?client_id=" + HostileIssuer.CLIENT);
    assertThat(browser.get("/sign-in/leave/nobody").status()).isEqualTo(404);
    assertThat(browser.get("/sign-in?out=there&at=nobody").text()).doesNotContain("/leave/");
  }

  @Test
  void aBrowserIsSentWithEverythingThatBindsTheAnswerToIt() {
    var query =
        HostileIssuer.query(ISSUERS.start(ISSUERS.browser(), "x@acme.example").getRawQuery());
    assertThat(query)
        .containsEntry("old", "way")
        .containsEntry("prompt", "login")
        .containsEntry("response_type", "code")
        .containsEntry("client_id", HostileIssuer.CLIENT)
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("redirect_uri", "http://127.0.0.1/sign-in/back/acme")
        .containsKeys("state", "nonce", "code_challenge");
    assertThat(Set.of(query.get("state"), query.get("nonce"), query.get("code_challenge")))
        .hasSize(3);
  }

  @Test
  void whoHasNoRoleOrNoVerifiedAddressIsToldSo() {
    assertThat(ISSUERS.signIn(ISSUERS.browser(), ISSUERS.somebody("strangers")).text())
        .contains("given you no role");
    var unverified =
        IssuerFixture.with(ISSUERS.somebody("lockbox-approvers"), "email_verified", false);
    assertThat(ISSUERS.signIn(ISSUERS.browser(), unverified).text())
        .contains("no verified e-mail address");
    var elsewhere =
        IssuerFixture.with(ISSUERS.somebody("lockbox-approvers"), "email", "ann@globex.example");
    var browser = ISSUERS.browser();
    var there = ISSUERS.start(browser, "x@acme.example");
    assertThat(ISSUERS.back(browser, "acme", ISSUERS.acmeIssuer.signIn(there, elsewhere)).text())
        .contains("no verified e-mail address");
    assertThat(ISSUERS.isIn(browser)).isFalse();
  }

  @Test
  void aStateWorksOnceInTheBrowserThatBeganItAndACodeOnce() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    var browser = ISSUERS.browser();
    var brought =
        ISSUERS.acmeIssuer.signIn(ISSUERS.start(browser, IssuerFixture.address(pat)), pat);
    var victim = ISSUERS.browser();
    ISSUERS.start(victim, "victim@acme.example");
    assertThat(ISSUERS.back(victim, "acme", brought).status()).as("login CSRF").isEqualTo(403);
    assertThat(ISSUERS.isIn(victim)).isFalse();
    assertThat(ISSUERS.back(ISSUERS.browser(), "acme", brought).status())
        .as("no cookie")
        .isEqualTo(403);
    var cookie = browser.cookie();
    assertThat(ISSUERS.back(browser, "acme", brought).status()).isEqualTo(303);
    browser.setCookie(cookie);
    assertThat(ISSUERS.isIn(browser)).as("fixation").isFalse();
    assertThat(ISSUERS.back(browser, "acme", brought).status()).as("replayed").isEqualTo(403);
  }

  @Test
  void aCodeOfAnotherSignInIsNotTaken() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    var thief = ISSUERS.browser();
    var stolen =
        ISSUERS.acmeIssuer.signIn(
            ISSUERS.start(ISSUERS.browser(), IssuerFixture.address(pat)), pat);
    var own = HostileIssuer.query(ISSUERS.start(thief, "thief@acme.example").getRawQuery());
    var brought = new HashMap<>(stolen);
    brought.put("state", String.valueOf(own.get("state")));
    assertThat(ISSUERS.back(thief, "acme", brought).status()).isEqualTo(403);
    assertThat(ISSUERS.acmeIssuer.refused).as("its verifier is another").contains("invalid_grant");
  }

  @Test
  void aSignInIsTooOldAfterTenMinutes() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    var browser = ISSUERS.browser();
    var brought =
        ISSUERS.acmeIssuer.signIn(ISSUERS.start(browser, IssuerFixture.address(pat)), pat);
    ISSUERS.pass(Duration.ofMinutes(10));
    assertThat(ISSUERS.back(browser, "acme", brought).status()).isEqualTo(403);
  }

  @Test
  void oneTenantsIssuerSignsInNobodyOfAnother() {
    ISSUERS.person(ISSUERS.globex, "globex-gus", "gus@globex.example");
    var gus =
        Map.<String, Object>of("sub", "gus", "email", "gus@globex.example", "email_verified", true);
    var mixed = ISSUERS.browser();
    var toGlobex = ISSUERS.start(mixed, "gus@globex.example");
    var query = HostileIssuer.query(toGlobex.getRawQuery());
    var fromAcme = new HashMap<>(ISSUERS.acmeIssuer.signIn(toGlobex, gus));
    assertThat(ISSUERS.back(mixed, "globex", fromAcme).status())
        .as("mix-up: acme's iss")
        .isEqualTo(403);
    var toGlobexAgain = ISSUERS.start(mixed, "gus@globex.example");
    var toAcme = new HashMap<>(ISSUERS.acmeIssuer.signIn(toGlobexAgain, gus));
    assertThat(ISSUERS.back(mixed, "acme", toAcme).status())
        .as("globex's state at acme")
        .isEqualTo(403);
    var toGlobexThird = ISSUERS.start(mixed, "gus@globex.example");
    var silent = new HashMap<>(ISSUERS.globexIssuer.signIn(toGlobexThird, gus));
    silent.remove("iss");
    assertThat(ISSUERS.back(mixed, "globex", silent).status()).as("no iss").isEqualTo(403);
    assertThat(ISSUERS.isIn(mixed)).isFalse();
    assertThat(query).containsEntry("redirect_uri", "http://127.0.0.1/sign-in/back/globex");
    var good = ISSUERS.globexIssuer.signIn(ISSUERS.start(mixed, "gus@globex.example"), gus);
    assertThat(ISSUERS.back(mixed, "globex", good).status()).isEqualTo(303);
  }

  @Test
  void whereTheIssuerGivesNoRolesOnlyPeopleWhoWereAddedComeIn() {
    var browser = ISSUERS.browser();
    var stranger =
        Map.<String, Object>of(
            "sub", "sam", "email", "sam@globex.example", "email_verified", true, "groups", "x");
    var brought =
        ISSUERS.globexIssuer.signIn(ISSUERS.start(browser, "sam@globex.example"), stranger);
    assertThat(ISSUERS.back(browser, "globex", brought).text()).contains("Nobody has added you");
    assertThat(ISSUERS.isIn(browser)).isFalse();
  }

  @Test
  void whoWasInvitedComesInByTheIssuerAndByItAlone() {
    var admin = atGlobex("adele", Role.TENANT_ADMIN);
    var invited = Map.of("address", "ivy@globex.example", "role", "approver");
    assertThat(admin.post("/invitations", invited).status()).isEqualTo(303);
    var globex = new NewTenant(ISSUERS.server, "globex");
    assertThat(globex.take(ISSUERS.browser(), globex.link("ivy")).status()).isEqualTo(303);
    var codes = ISSUERS.browser();
    codes.post("/sign-in", Map.of("address", "ivy@globex.example", "code", "yes"));
    assertThat(
            ISSUERS.server.rows(
                "select 1 from outbox where recipient = 'ivy@globex.example' and kind = 'signIn'"))
        .isEmpty();
    var unverified = claims("ivy", false);
    assertThat(ISSUERS.isIn(at(unverified))).isFalse();
    var ivy = at(claims("ivy", true));
    assertThat(ISSUERS.isIn(ivy)).isTrue();
    assertThat(ISSUERS.roles(claims("ivy", true))).isEqualTo("{approver}");
  }

  private static Map<String, Object> claims(String name, boolean verified) {
    return Map.of(
        "sub", name, "email", name + "@globex.example", "email_verified", verified, "groups", "x");
  }

  private static TestBrowser at(Map<String, Object> claims) {
    var browser = ISSUERS.browser();
    var there = ISSUERS.start(browser, IssuerFixture.address(claims));
    ISSUERS.globexIssuer.person = claims;
    ISSUERS.back(browser, "globex", ISSUERS.globexIssuer.signIn(there, claims));
    return browser;
  }

  private static TestBrowser atGlobex(String name, Role role) {
    ISSUERS
        .server
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                Optional.of(ISSUERS.globex.id),
                new SubjectId("globex-" + name),
                new MailAddress(name + "@globex.example"),
                name,
                Set.of(role)));
    return at(claims(name, true));
  }

  @Test
  void anAddressThatSomebodyElseHasNowDoesNotMakeThemThatPerson() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    ISSUERS.signedIn(pat);
    var heir = IssuerFixture.with(pat, "sub", "somebody-else");
    assertThat(ISSUERS.signIn(ISSUERS.browser(), heir).text()).contains("belongs to somebody else");
  }

  @Test
  void aSubjectStaysThePersonWhateverTheirAddressBecomes() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    ISSUERS.signedIn(pat);
    ISSUERS.person(ISSUERS.acme, "acme-vip", "vip@acme.example");
    var browser = ISSUERS.signedIn(IssuerFixture.with(pat, "email", "vip@acme.example"));
    assertThat(browser.get("/inbox").text()).contains("Pat ").doesNotContain("acme-vip");
  }

  @Test
  void whoSignsInAtAnIssuerGetsNoCodes() {
    ISSUERS.person(ISSUERS.acme, "acme-code", "code@acme.example");
    var browser = ISSUERS.browser();
    browser.post("/sign-in", Map.of("address", "code@acme.example", "code", "yes"));
    assertThat(ISSUERS.server.rows("select 1 from outbox where recipient = 'code@acme.example'"))
        .isEmpty();
  }

  @Test
  void whoIsSentAwayByTheIssuerIsOutWithinAMinute() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    var browser = ISSUERS.signedIn(pat);
    ISSUERS.pass(Duration.ofSeconds(50));
    assertThat(ISSUERS.isIn(browser)).as("it still vouches").isTrue();
    ISSUERS.acmeIssuer.person = Map.of();
    ISSUERS.pass(Duration.ofSeconds(60));
    assertThat(ISSUERS.isIn(browser)).isFalse();
    ISSUERS.acmeIssuer.person = pat;
    assertThat(ISSUERS.isIn(browser)).as("the visit is over").isFalse();
  }

  @Test
  void aGroupThatIsTakenTakesTheRoleAndTheLastOneTheVisit() {
    var pat = ISSUERS.somebody("lockbox-approvers", "lockbox-auditors");
    var browser = ISSUERS.signedIn(pat);
    ISSUERS.acmeIssuer.person = IssuerFixture.with(pat, "groups", List.of("lockbox-auditors"));
    ISSUERS.pass(Duration.ofSeconds(60));
    assertThat(ISSUERS.isIn(browser)).isTrue();
    assertThat(ISSUERS.roles(pat)).isEqualTo("{auditor}");
    ISSUERS.acmeIssuer.person = IssuerFixture.with(pat, "groups", List.of());
    ISSUERS.pass(Duration.ofSeconds(60));
    assertThat(ISSUERS.isIn(browser)).isFalse();
  }

  @Test
  void aRefreshedTokenForSomebodyElseEndsTheVisit() {
    var pat = ISSUERS.somebody("lockbox-approvers");
    var other = ISSUERS.somebody("lockbox-approvers");
    ISSUERS.signedIn(other);
    var browser = ISSUERS.signedIn(pat);
    ISSUERS.acmeIssuer.person = other;
    ISSUERS.pass(Duration.ofSeconds(60));
    assertThat(ISSUERS.isIn(browser)).isFalse();
  }

  @Test
  void whileTheIssuerIsSilentVisitsGoOnForTenMinutes() {
    var browser = ISSUERS.signedIn(ISSUERS.somebody("lockbox-approvers"));
    ISSUERS.acmeIssuer.status = Optional.of(503);
    for (int minute = 1; minute < 10; minute++) {
      ISSUERS.pass(Duration.ofMinutes(1));
      assertThat(ISSUERS.isIn(browser)).as("minute " + minute).isTrue();
    }
    ISSUERS.pass(Duration.ofMinutes(1));
    assertThat(ISSUERS.isIn(browser)).isFalse();
    assertThat(ISSUERS.signIn(ISSUERS.browser(), ISSUERS.somebody("lockbox-approvers")).status())
        .isEqualTo(503);
  }

  @Test
  void howLongAnIssuerHasBeenSilentIsMeasured() {
    var figures = new SimpleMeterRegistry();
    ISSUERS.server.server(0).measuredBy(figures);
    var silence = figures.get("lockbox.issuer.silent.seconds").tag("issuer", "acme").gauge();
    var browser = ISSUERS.signedIn(ISSUERS.somebody("lockbox-approvers"));
    assertThat(silence.value()).isZero();
    ISSUERS.acmeIssuer.status = Optional.of(503);
    ISSUERS.pass(Duration.ofMinutes(1));
    assertThat(ISSUERS.isIn(browser)).isTrue();
    ISSUERS.pass(Duration.ofMinutes(1));
    assertThat(silence.value()).isEqualTo(60);
    ISSUERS.acmeIssuer.status = Optional.empty();
    assertThat(ISSUERS.isIn(browser)).isTrue();
    assertThat(silence.value()).as("it answers again").isZero();
  }

  @Test
  void withoutARefreshTokenNobodyComesIn() {
    ISSUERS.acmeIssuer.givesRefreshTokens = false;
    assertThat(ISSUERS.signIn(ISSUERS.browser(), ISSUERS.somebody("lockbox-approvers")).status())
        .isEqualTo(403);
  }

  @Test
  void whatAnIssuerRefusesIsSaidAndTheSignInIsOver() {
    var browser = ISSUERS.browser();
    var query = HostileIssuer.query(ISSUERS.start(browser, "x@acme.example").getRawQuery());
    var no =
        Map.of(
            "error",
            "access_denied",
            "state",
            String.valueOf(query.get("state")),
            "iss",
            ISSUERS.acmeIssuer.url());
    assertThat(ISSUERS.back(browser, "acme", no).text()).contains("was cancelled");
    assertThat(ISSUERS.back(browser, "acme", no).text()).contains("did not work");
  }

  @Test
  void aNewKeyIsFoundAndAnOldOneIsGoodNoLonger() {
    var eve = IssuerFixture.with(ISSUERS.somebody("engineers"), "email", "eve@vendor.example");
    assertThat(ISSUERS.atVendor(eve).status()).isEqualTo(303);
    var old = ISSUERS.vendorIssuer.key;
    ISSUERS.vendorIssuer.key = HostileIssuer.key("second");
    ISSUERS.vendorIssuer.published = List.of(ISSUERS.vendorIssuer.key);
    assertThat(ISSUERS.atVendor(eve).status()).isEqualTo(303);
    ISSUERS.vendorIssuer.key = old;
    assertThat(ISSUERS.atVendor(eve).status()).isNotEqualTo(303);
  }

  @Test
  void anIssuerIsOfOneSideAndGivesThatSidesRoles() {
    assertThatThrownBy(
            () ->
                ISSUERS.acmeIssuer.issuer(
                    "a", IssuerFixture.ACME_ID, "a.example", Map.of("g", Role.OPERATOR)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                ISSUERS.acmeIssuer.issuer(
                    "a", Optional.empty(), "a.example", Map.of("g", Role.APPROVER)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> issuer("http://idp.acme.example"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> issuer("https://accounts.google.com")).hasMessageContaining("hd");
  }

  private static OidcIssuer issuer(String url) {
    return new OidcIssuer(
        "a",
        URI.create(url),
        IssuerFixture.ACME_ID,
        new OidcIssuer.RegisteredClient("c", () -> "", List.of("openid"), Map.of()),
        new OidcIssuer.MailDomains(Set.of("a.example"), false, false),
        new OidcIssuer.ClaimRules(Map.of(), Optional.empty(), Optional.empty()),
        Optional.empty());
  }
}
