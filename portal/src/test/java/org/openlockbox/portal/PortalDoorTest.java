package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.Endpoint;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.identity.Role;

/// Who gets through the portal's door, and what every page is sent with. The pages are found in the
/// code, so that none is forgotten.
final class PortalDoorTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final Answer REQUEST = PORTAL.acme.ask("helpdesk");
  private static final TestBrowser GUS = PORTAL.browser().as("ann@globex.example");
  private static final TestBrowser AUD = PORTAL.browser().as("aud@acme.example");
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");
  private static final Map<String, String> OWN =
      Map.of("Origin", TestBrowser.PORTAL, "Sec-Fetch-Site", "same-origin");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  static List<Endpoint> every() {
    var found = PortalFixture.pages();
    assertThat(found).hasSizeGreaterThan(8);
    return found;
  }

  private static String filled(Endpoint page) {
    return page.path().replace("{r}", PortalFixture.id(REQUEST)).replaceAll("\\{[a-z]+}", "1");
  }

  private static Page call(TestBrowser who, Endpoint page) {
    return page.writes() ? who.post(filled(page), Map.of()) : who.get(filled(page));
  }

  private static boolean isOfStrangers(Endpoint page) {
    return page.path().startsWith("/sign")
        || page.path().startsWith("/invitation/")
        || page.path().equals("/invitation")
        || page.path().equals("/worker.js");
  }

  /// The page without the approve origin, which has the name of a tenant here.
  private static String text(Page page) {
    return page.text().replace(Passkey.ORIGIN, "");
  }

  @ParameterizedTest
  @MethodSource("every")
  void whoIsNotSignedInSeesNothing(Endpoint page) {
    var answer = call(PORTAL.browser(), page);
    assertThat(text(answer)).doesNotContain("acme", "Cannot log in");
    if (!isOfStrangers(page)) {
      assertThat(answer.status()).as(answer.toString()).isEqualTo(page.writes() ? 401 : 303);
    }
  }

  @ParameterizedTest
  @MethodSource("every")
  void anotherTenantsPeopleFindNothing(Endpoint page) {
    if (page.path().startsWith("/sign-")) {
      return;
    }
    var answer = call(GUS, page);
    assertThat(text(answer)).doesNotContain("acme", "Cannot log in");
    if (page.names("r")) {
      assertThat(answer.status()).as(answer.toString()).isIn(403, 404);
    }
    assertThat(answer.status()).isLessThan(500);
  }

  @ParameterizedTest
  @MethodSource("every")
  void anAuditorAndAnOperatorChangeNothing(Endpoint page) {
    if (!page.writes() || page.path().startsWith("/sign-") || !page.names("r")) {
      return;
    }
    int size = PORTAL.acme.verifiedLog().size();
    for (var who : List.of(AUD, OLGA)) {
      assertThat(call(who, page).status()).isIn(403, 404);
    }
    assertThat(PORTAL.acme.verifiedLog()).hasSize(size);
  }

  @ParameterizedTest
  @MethodSource("every")
  void noFormIsTakenWithoutItsTokenOrFromAnotherSite(Endpoint page) {
    if (!page.writes() || page.path().equals("/sign") || page.path().startsWith("/sign/")) {
      return;
    }
    var path = filled(page);
    assertThat(AUD.send(path, Map.of(), OWN).status()).isEqualTo(403);
    assertThat(AUD.send(path, Map.of("token", "wrong"), OWN).status()).isEqualTo(403);
    var token = AUD.get("/inbox").field("token");
    var evil = Map.of("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site");
    assertThat(AUD.send(path, Map.of("token", token), evil).status()).isEqualTo(403);
    var sibling = Map.of("Origin", TestBrowser.APPROVE, "Sec-Fetch-Site", "same-site");
    assertThat(AUD.send(path, Map.of("token", token), sibling).status()).isEqualTo(403);
    assertThat(AUD.send(path, Map.of("token", token), Map.of()).status()).isEqualTo(403);
    assertThat(AUD.get("/inbox").status()).as("still signed in").isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("every")
  void theApproveOriginHasTheSigningPagesAndNothingElse(Endpoint page) {
    boolean signing = page.path().equals("/sign") || page.path().startsWith("/sign/");
    var there = Map.of("Host", "approve.acme.example", "Origin", TestBrowser.APPROVE);
    var answer = AUD.call(page.method(), filled(page), "", there);
    boolean leads =
        page.path().equals("/") || (page.path().equals("/sign") && page.method().equals("GET"));
    assertThat(answer.status())
        .as(answer.toString())
        .isIn(leads ? List.of(303) : signing ? List.of(400, 403, 409, 405) : List.of(404));
    if (signing) {
      assertThat(call(AUD, page).status()).isIn(403, 404);
    }
  }

  @Test
  void theApiIsNotOnTheApproveOrigin() {
    var there = Map.of("Host", "approve.acme.example");
    assertThat(AUD.call("GET", "/v1/requests", "", there).status()).isEqualTo(404);
    assertThat(AUD.call("GET", "/healthz", "", there).status()).isEqualTo(404);
  }

  @Test
  void everyPageIsSentWithAStrictPolicy() {
    for (var page :
        List.of(
            AUD.get("/inbox"),
            AUD.get(page(REQUEST)),
            AUD.get("/nowhere"),
            PORTAL.browser().get("/sign-in"),
            AUD.handOver(Map.of()))) {
      var policy = page.header("Content-Security-Policy");
      assertThat(policy)
          .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'")
          .doesNotContain("unsafe", "*");
      assertThat(page.header("Cache-Control")).contains("no-store");
      assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(page.header("Referrer-Policy")).isEqualTo("strict-origin");
      assertThat(page.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
      assertThat(page.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }
    assertThat(AUD.get("/inbox").header("Permissions-Policy"))
        .contains("publickey-credentials-get=()");
    assertThat(AUD.handOver(Map.of()).header("Permissions-Policy"))
        .contains("publickey-credentials-get=(self)");
  }

  @Test
  void aPageThatIsNotThereAndOneThatIsNotForYouReadTheSame() {
    var absent = GUS.get("/requests/R-0000000000");
    var others = GUS.get(page(REQUEST));
    assertThat(others.status()).isEqualTo(404);
    assertThat(others.text().replaceAll("value=\"[^\"]*\"", ""))
        .isEqualTo(absent.text().replaceAll("value=\"[^\"]*\"", ""));
  }

  @Test
  void aWrongAddressIsNoDeadEndForWhoIsSignedIn() {
    assertThat(AUD.get("/nowhere").text()).contains("<nav class=\"nav\"", "href=\"/settings\"");
    assertThat(PORTAL.browser().get("/nowhere").text()).doesNotContain("<nav class=\"nav\"");
  }

  @Test
  void signingInAnswersTheSameWhoeverLivesThere() {
    var known = PORTAL.browser().post("/sign-in", Map.of("address", "bob@acme.example"));
    var unknown = PORTAL.browser().post("/sign-in", Map.of("address", "nob@acme.example"));
    assertThat(unknown.status()).isEqualTo(known.status());
    assertThat(plain(unknown).replace("nob@", "bob@")).isEqualTo(plain(known));
    assertThat(PORTAL.server.rows("select recipient from outbox where recipient like 'nob@%'"))
        .isEmpty();
  }

  private static String plain(Page page) {
    return page.text().replaceAll("name=\"token\" value=\"[^\"]*\"", "");
  }

  @Test
  void aCodeWorksOnceInItsOwnBrowserOnly() {
    var bob = PORTAL.browser();
    var code = bob.askForCode("bob@acme.example");
    var thief = PORTAL.browser();
    thief.post("/sign-in", Map.of("address", "nobody@acme.example"));
    assertThat(thief.post("/sign-in/code", Map.of("code", code)).status()).isEqualTo(422);
    var anonymous = bob.cookie();
    assertThat(bob.post("/sign-in/code", Map.of("code", code)).status()).isEqualTo(303);
    assertThat(bob.cookie()).as("a new secret at sign-in").isNotEqualTo(anonymous);
    assertThat(bob.get("/inbox").status()).isEqualTo(200);
    var before = PORTAL.browser();
    before.setCookie(anonymous);
    assertThat(before.get("/inbox").status()).as("the old one is worth nothing").isEqualTo(303);
    assertThat(before.post("/sign-in/code", Map.of("code", code)).status()).isEqualTo(422);
  }

  @Test
  void nobodyIsFloodedWithCodes() {
    for (int i = 0; i < 9; i++) {
      PORTAL.browser().post("/sign-in", Map.of("address", "eve@vendor.example"));
    }
    assertThat(PORTAL.server.rows("select 1 from outbox where recipient = 'eve@vendor.example'"))
        .hasSize(5);
  }

  @Test
  void rolesAreReadWithEveryCall() {
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-zoe", "zoe@acme.example", Role.APPROVER);
    var zoe = PORTAL.browser().as("zoe@acme.example");
    assertThat(zoe.get("/inbox").status()).isEqualTo(200);
    PORTAL.server.execute("update person set left_at = now() where subject = 'acme-zoe'");
    assertThat(zoe.get("/inbox").status()).isEqualTo(303);
  }

  @Test
  void signingOutEverywhereEndsEveryVisit() {
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-yan", "yan@acme.example", Role.AUDITOR);
    var phone = PORTAL.browser().as("yan@acme.example");
    var desk = PORTAL.browser().as("yan@acme.example");
    var out = phone.post("/sign-out", Map.of("everywhere", "yes"));
    assertThat(phone.get(out.header("Location")).text()).contains("You are signed out.");
    assertThat(desk.get("/inbox").status()).isEqualTo(303);
  }

  @Test
  void theWayBackAfterSigningInLeadsToOwnPagesOnly() {
    for (var next :
        List.of("//evil.example", "https://evil.example", "/\\evil.example", "javascript:1")) {
      var page =
          PORTAL.browser().get("/sign-in?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
      assertThat(page.field("next")).isEqualTo("/");
    }
    assertThat(PORTAL.browser().get(page(REQUEST)).header("Location"))
        .isEqualTo("/sign-in?next=%2Frequests%2F" + PortalFixture.id(REQUEST));
  }
}
