package org.openlockbox.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.oidc.OidcIssuer;

/// Sign-in at a real Keycloak, as docs/install.md says to set it up: a realm of acme's and one of
/// the provider's. Each test has a person of its own there.
@Tag("slow")
final class KeycloakTest {
  private static final Keycloak KEYCLOAK = new Keycloak();
  private static final TestServer SERVER =
      TestServer.extended(
          PortalFixture.portal(),
          List.of(
              issuer(
                  "acme",
                  Optional.of(new TenantId("acme")),
                  Map.of("lockbox-approvers", Role.APPROVER, "lockbox-audit", Role.AUDITOR)),
              issuer("vendor", Optional.empty(), Map.of("engineers", Role.ENGINEER))));

  static {
    new TestTenant(SERVER, "acme", 1);
  }

  private static OidcIssuer issuer(
      String realm, Optional<TenantId> tenant, Map<String, Role> roles) {
    return new OidcIssuer(
        realm,
        URI.create(KEYCLOAK.url(realm)),
        tenant,
        new OidcIssuer.RegisteredClient(
            "lockbox", () -> realm + "-secret", List.of("openid", "email", "profile"), Map.of()),
        new OidcIssuer.MailDomains(Set.of(realm + ".example"), false, false),
        new OidcIssuer.ClaimRules(
            Map.of(), Optional.of(new OidcIssuer.Roles("groups", roles)), Optional.empty()),
        Optional.empty());
  }

  @AfterAll
  static void close() {
    SERVER.close();
    KEYCLOAK.close();
  }

  /// Keycloak's clock is the real one.
  @BeforeEach
  void now() {
    SERVER.clock.set(Instant.now());
  }

  @Test
  void groupsAreRolesAndOneThatIsTakenTakesItsRole() {
    var ann = signedIn("acme", "ann");
    assertThat(ann.get("/inbox").text()).contains("Ann Approver");
    assertThat(roles("ann@acme.example")).isEqualTo("{approver,auditor}");
    KEYCLOAK.leave("acme", "ann", "lockbox-approvers");
    aMinutePasses();
    assertThat(isIn(ann)).isTrue();
    assertThat(roles("ann@acme.example")).isEqualTo("{auditor}");
    KEYCLOAK.leave("acme", "ann", "lockbox-audit");
    aMinutePasses();
    assertThat(isIn(ann)).as("no role, no visit").isFalse();
    assertThat(signIn("acme", "ann").text()).contains("given you no role");
  }

  @Test
  void whoIsDisabledIsOutWithinAMinute() {
    var dan = signedIn("acme", "dan");
    aMinutePasses();
    assertThat(isIn(dan)).as("Keycloak still vouches").isTrue();
    KEYCLOAK.disable("acme", "dan");
    aMinutePasses();
    assertThat(isIn(dan)).isFalse();
  }

  @Test
  void whoSignsOutHereOrThereIsOut() {
    var here = signedIn("acme", "lou");
    var there = signedIn("acme", "lou");
    var out = here.post("/sign-out", Map.of());
    assertThat(here.get(out.header("Location")).text())
        .contains("sign-in may still know this browser");
    assertThat(isIn(here)).isFalse();
    assertThat(isIn(there)).as("another visit goes on").isTrue();
    KEYCLOAK.signOut("acme", "lou");
    aMinutePasses();
    assertThat(isIn(there)).isFalse();
    assertThat(isIn(signedIn("acme", "lou"))).as("and may come back").isTrue();
  }

  @Test
  void whoIsInNoNamedGroupIsTurnedAway() {
    assertThat(signIn("acme", "sam").text()).contains("given you no role");
  }

  @Test
  void oneRealmSignsInNobodyOfTheOtherSide() {
    var eve = signedIn("vendor", "eve");
    assertThat(roles("eve@vendor.example")).isEqualTo("{engineer}");
    assertThat(eve.get("/sign-in/back/acme?state=x&code=y").status()).isEqualTo(403);
    assertThat(signIn("vendor", "mal").text())
        .as("an address of acme's in the provider's realm")
        .contains("no verified e-mail address");
    var browser = new TestBrowser(SERVER);
    var toAcme = start(browser, "eve@acme.example").toString();
    var toVendor = URI.create(toAcme.replace("/realms/acme/", "/realms/vendor/"));
    assertThat(toVendor.toString()).isNotEqualTo(toAcme);
    var brought = KEYCLOAK.signIn(toVendor, "eve").getRawQuery();
    assertThat(back(browser, "acme", brought).status()).as("it names the other").isEqualTo(403);
    assertThat(isIn(browser)).isFalse();
    var again = start(browser, "eve@acme.example").toString().replace("/acme/", "/vendor/");
    var forged = KEYCLOAK.signIn(URI.create(again), "eve").getRawQuery();
    assertThat(back(browser, "acme", forged.replace("vendor", "acme")).status()).isEqualTo(403);
    assertThat(isIn(browser)).as("with a forged name").isFalse();
  }

  /// The device flow: a code is typed into a browser elsewhere.
  private static void commandLineSignsIn(String profile, String user) {
    var begun = SERVER.post("nobody", "/v1/sign-in/device", Json.object().build());
    assertThat(begun.status()).as(begun.toString()).isEqualTo(200);
    var handle = Json.object();
    for (var member : List.of("issuer", "wrappedBy", "device")) {
      handle.put(member, begun.json().text(member));
    }
    var early = SERVER.post("nobody", "/v1/sign-in/device/look", handle.build());
    assertThat(early.json().text("state")).isEqualTo("waiting");
    KEYCLOAK.grants(URI.create(begun.json().text("pageWithCode")), user);
    var answer = new AtomicReference<>(early);
    Pause.until(
        "the sign-in is done",
        () -> {
          answer.set(SERVER.post("nobody", "/v1/sign-in/device/look", handle.build()));
          return !answer.get().json().has("slower");
        });
    assertThat(answer.get().json().text("state")).as(answer.toString()).isEqualTo("signed-in");
    SERVER.bearer(profile, answer.get().json().text("token"));
    Pause.until(
        "a code is good once",
        () -> SERVER.post("nobody", "/v1/sign-in/device/look", handle.build()).status() == 422);
  }

  @Test
  void aCommandLineSignsInAndIsOutWithItsAccount() {
    commandLineSignsIn("kim", "kim");
    var me = SERVER.get("kim", "/v1/whoami");
    assertThat(me.json().text("subject")).isEqualTo("kim@vendor.example");
    assertThat(me.json().texts("roles")).containsExactly("engineer");
    aMinutePasses();
    assertThat(SERVER.get("kim", "/v1/whoami").status()).as("still vouched for").isEqualTo(200);
    commandLineSignsIn("kim-2", "kim");
    assertThat(SERVER.post("kim-2", "/v1/sign-out", Json.object().build()).status()).isEqualTo(200);
    assertThat(SERVER.get("kim-2", "/v1/whoami").status()).isEqualTo(401);
    assertThat(SERVER.get("kim", "/v1/whoami").status()).as("the other goes on").isEqualTo(200);
    KEYCLOAK.disable("vendor", "kim");
    aMinutePasses();
    assertThat(SERVER.get("kim", "/v1/whoami").status()).isEqualTo(401);
  }

  @Test
  void whatABrowserHoldsIsNoBearerSecret() {
    var eve = signedIn("vendor", "eve");
    assertThat(eve.cookie()).matches("[A-Za-z0-9_-]{43}");
    SERVER.bearer("thief", "lbv_" + eve.cookie());
    assertThat(SERVER.get("thief", "/v1/whoami").status()).isEqualTo(401);
    SERVER.token("olga", "olga", Role.OPERATOR, Optional.empty());
    assertThat(SERVER.post("olga", "/v1/sign-out", Json.object().build()).status()).isEqualTo(409);
  }

  @Test
  void aHandleThatWasChangedIsRefused() {
    var begun = SERVER.post("nobody", "/v1/sign-in/device", Json.object().build()).json();
    var forged =
        Json.object()
            .put("issuer", "acme")
            .put("wrappedBy", begun.text("wrappedBy"))
            .put("device", begun.text("device"))
            .build();
    assertThat(SERVER.post("nobody", "/v1/sign-in/device/look", forged).status()).isEqualTo(422);
  }

  private static void aMinutePasses() {
    SERVER.pass(Duration.ofMinutes(1));
  }

  private static URI start(TestBrowser browser, String address) {
    var page = browser.post("/sign-in", Map.of("address", address, "next", "/inbox"));
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    return URI.create(page.header("Refresh").replaceFirst("^0;url=", ""));
  }

  private static Page back(TestBrowser browser, String issuer, String query) {
    return browser.get("/sign-in/back/%s?%s".formatted(issuer, query));
  }

  private static Page signIn(String realm, String user) {
    return signIn(new TestBrowser(SERVER), realm, user);
  }

  private static Page signIn(TestBrowser browser, String realm, String user) {
    var there = start(browser, "%s@%s.example".formatted(user, realm));
    return back(browser, realm, KEYCLOAK.signIn(there, user).getRawQuery());
  }

  private static TestBrowser signedIn(String realm, String user) {
    var browser = new TestBrowser(SERVER);
    var page = signIn(browser, realm, user);
    assertThat(page.status()).as(page.toString()).isEqualTo(303);
    return browser;
  }

  private static boolean isIn(TestBrowser browser) {
    return browser.get("/inbox").status() == 200;
  }

  private static String roles(String address) {
    return SERVER
        .rows("select roles from person where address = '%s'".formatted(address))
        .getFirst();
  }
}
