package org.openlockbox.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.TicketService.SaidAnswer;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RequestRule;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.json.FieldRules;

/// A link is exchanged for a cookie, once, and the cookie is good for requests that begin at its
/// own origin: what other sites' pages, other sessions' pages and a copied link try is refused.
class BrowserLaunchTest {
  private static final List<String> OWN = List.of("Sec-Fetch-Site", "same-origin");

  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
    http.routes = List.of(page("/t/{tenant}/pages/{id}"), page("/t/{tenant}/said"));
    http.service.said =
        new SaidAnswer(
            200,
            "text/html",
            Map.of("Content-Security-Policy", "img-src 'none'", "X-Frame-Options", "ALLOWALL"),
            Bytes.ofUtf8("<p>the console"));
    http.reload();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static HttpRoute page(String path) {
    return new HttpRoute(
        new RouteName("page" + path.length()),
        Method.GET,
        PathTemplate.parse(path),
        Level.READ,
        RequestRule.ofQuery(Set.of()),
        Optional.empty(),
        new AnswerRule(FieldRules.of(Map.of()), List.of(), AnswerForm.OPAQUE));
  }

  private static String host(String token) {
    return SessionHosts.labelOf(token.substring(0, token.indexOf('.'))) + ".apps.test";
  }

  private static String origin(String token) {
    return "https://" + host(token);
  }

  private HttpRequest.Builder to(String host, String path, List<String> headers) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + http.gateway.port() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Host", host)
        .headers(headers.toArray(String[]::new));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> launch(String token, String host, String origin, String site)
      throws Exception {
    return send(
        to(host, "/_lockbox/session", List.of("Sec-Fetch-Site", site, "Origin", origin))
            .POST(BodyPublishers.ofString(token)));
  }

  private HttpResponse<String> launch(String token) throws Exception {
    return launch(token, host(token), origin(token), "same-origin");
  }

  /// The cookie of a launch, as a browser sends it back.
  private static String cookie(HttpResponse<String> launched) {
    assertThat(launched.statusCode()).as(launched.body()).isEqualTo(200);
    return launched.headers().firstValue("set-cookie").orElseThrow().split(";", 2)[0];
  }

  private HttpResponse<String> visit(String token, String cookie, String... headers)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Cookie", cookie));
    return send(to(host(token), "/t/acme/said", all));
  }

  private String token() {
    return http.token(http.approved(Level.READ));
  }

  @Test
  void aLinkIsExchangedForACookieThatOpensTheService() throws Exception {
    String token = token();
    HttpResponse<String> start = send(to(host(token), "/_lockbox/start", List.of("Accept", "*/*")));
    assertThat(start.statusCode()).isEqualTo(200);
    assertThat(start.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'");
    HttpResponse<String> launched = launch(token);
    assertThat(launched.body()).isEqualTo("{\"next\":\"/t/acme/said\"}");
    assertThat(launched.headers().firstValue("set-cookie").orElseThrow())
        .startsWith("__Host-lockbox=")
        .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict")
        .doesNotContain("Domain");
    HttpResponse<String> page = visit(token, cookie(launched), "Sec-Fetch-Site", "same-origin");
    assertThat(page.body()).isEqualTo("<p>the console");
    assertThat(page.headers().allValues("content-security-policy"))
        .anyMatch(each -> each.contains("default-src 'self'") && each.contains("frame-ancestors"))
        .anyMatch(each -> each.equals("img-src 'none'"));
    assertThat(page.headers().firstValue("set-cookie")).as("the service's").isEmpty();
    assertThat(http.service.heard().getLast().headers()).doesNotContainKeys("cookie", "origin");
  }

  /// From history, a log or a screenshot.
  @Test
  void aLinkIsGoodOnceAndInNoOtherWay() throws Exception {
    String token = token();
    String cookie = cookie(launch(token));
    HttpResponse<String> again = launch(token);
    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(again.body()).contains("good once", "lockbox open");
    assertForgetsNothing(again);
    http.client = http.freshClient();
    assertThat(http.get(token, "/t/acme/said").statusCode()).as("as a bearer").isEqualTo(401);
    String secret = cookie.substring(cookie.indexOf('=') + 1);
    String user = token.substring(0, token.indexOf('.'));
    assertThat(http.get(user + "." + secret, "/t/acme/said").statusCode()).isEqualTo(401);
    assertThat(
            visit(
                    token,
                    "__Host-lockbox=" + token.substring(token.indexOf('.') + 1),
                    "Sec-Fetch-Site",
                    "none")
                .statusCode())
        .as("the token's secret as a cookie")
        .isEqualTo(401);
    assertThat(http.service.heard()).isEmpty();
  }

  private static void assertForgetsNothing(HttpResponse<String> refused) {
    assertThat(refused.statusCode()).as(refused.body()).isBetween(400, 499);
    assertThat(refused.headers().firstValue("set-cookie")).isEmpty();
    assertThat(refused.headers().firstValue("clear-site-data")).isEmpty();
  }

  @Test
  void aBearerTokenIsNoLink() throws Exception {
    String token = token();
    assertThat(http.get(token, "/t/acme/said").statusCode()).isEqualTo(200);
    http.client = http.freshClient();
    HttpResponse<String> launched = launch(token);
    assertThat(launched.statusCode()).isEqualTo(401);
    assertThat(launched.body()).contains("in one way", "lockbox open");
    http.client = http.freshClient();
    assertThat(http.get(token, "/t/acme/said").statusCode()).as("as before").isEqualTo(200);
  }

  /// Any page can send a browser here without a cookie that is good.
  @Test
  void whatWasNeverASessionEndsNone() throws Exception {
    String token = token();
    String never = "__Host-lockbox=" + "A".repeat(43);
    assertForgetsNothing(visit(token, never, "Sec-Fetch-Site", "none"));
    assertForgetsNothing(
        send(to(host(token), "/t/acme/said", List.of("Sec-Fetch-Site", "same-origin"))));
    assertForgetsNothing(visit(token, cookie(launch(token)), "Sec-Fetch-Site", "cross-site"));
    String nobodys = token.substring(0, token.indexOf('.') + 1) + "A".repeat(43);
    assertForgetsNothing(launch(nobodys));
  }

  /// It would answer in the service's name after the end of the access.
  @Test
  void aWorkerIsNotFetched() throws Exception {
    String token = token();
    HttpResponse<String> launched = launch(token);
    assertThat(launched.headers().firstValue("clear-site-data")).contains("\"storage\"");
    String cookie = cookie(launched);
    for (List<String> each :
        List.of(List.of("Service-Worker", "script"), List.of("Sec-Fetch-Dest", "serviceworker"))) {
      HttpResponse<String> refused =
          visit(token, cookie, "Sec-Fetch-Site", "same-origin", each.getFirst(), each.getLast());
      assertThat(refused.statusCode()).as(each.toString()).isEqualTo(403);
    }
    assertThat(http.service.heard()).isEmpty();
  }

  @Test
  void aTokenOpensNothingAtAnotherSessionsHost() throws Exception {
    String one = token();
    String other = token();
    assertThat(launch(one, host(other), origin(other), "same-origin").statusCode()).isEqualTo(401);
    String cookie = cookie(launch(one));
    http.client = http.freshClient();
    HttpResponse<String> elsewhere =
        send(
            to(
                host(other),
                "/t/acme/said",
                List.of("Cookie", cookie, "Sec-Fetch-Site", "same-origin")));
    assertThat(elsewhere.statusCode()).isEqualTo(401);
    // cookies that a sibling has set beside ours
    HttpResponse<String> two = visit(one, cookie + "; " + cookie, "Sec-Fetch-Site", "same-origin");
    assertThat(two.statusCode()).isEqualTo(401);
    assertThat(http.service.heard()).isEmpty();
  }

  /// Another site's page, a sibling session's page, a page without an origin.
  @Test
  void whatOtherPagesBeginIsRefused() throws Exception {
    String token = token();
    for (String site : List.of("cross-site", "same-site")) {
      assertThat(launch(token, host(token), origin(token), site).statusCode()).isEqualTo(403);
    }
    for (String origin : List.of("null", "https://evil.test", origin(token) + ":444")) {
      assertThat(launch(token, host(token), origin, "same-origin").statusCode()).isEqualTo(403);
    }
    String cookie = cookie(launch(token));
    List<List<String>> tried =
        List.of(
            List.of("Sec-Fetch-Site", "cross-site"),
            List.of("Sec-Fetch-Site", "same-site"),
            List.of("Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate"),
            List.of("Sec-Fetch-Site", "same-origin", "Origin", "null"),
            List.of("Sec-Fetch-Site", "same-origin", "Origin", "https://evil.test"),
            List.of("Accept", "*/*"));
    for (List<String> headers : tried) {
      HttpResponse<String> answer = visit(token, cookie, headers.toArray(String[]::new));
      assertThat(answer.statusCode()).as(headers.toString()).isEqualTo(403);
      assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
    }
    assertThat(http.service.heard()).isEmpty();
    HttpResponse<String> preflight =
        send(
            to(host(token), "/t/acme/said", List.of("Origin", "https://evil.test"))
                .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(403);
    assertThat(visit(token, cookie, "Sec-Fetch-Site", "none").statusCode()).isEqualTo(200);
  }

  @Test
  void atTheEndTheBrowserIsToldAndForgets() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    String cookie = cookie(launch(token));
    assertThat(visit(token, cookie, "Sec-Fetch-Site", "none").statusCode()).isEqualTo(200);
    http.controlPlane.end(asked.submission().id());
    Await.until(() -> !http.controlPlane.reasons().isEmpty());
    http.client = http.freshClient();
    HttpResponse<String> after =
        visit(token, cookie, "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate");
    assertThat(after.statusCode()).as(after.body()).isIn(401, 403);
    assertThat(after.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(after.headers().firstValue("clear-site-data"))
        .as("the cookies are the domain's")
        .contains("\"cache\", \"storage\"");
    assertThat(after.headers().firstValue("set-cookie").orElseThrow()).contains("Max-Age=0");
    assertThat(after.body()).startsWith("OpenLockbox: ");
    assertThat(http.service.heard()).hasSize(1);
  }

  /// It holds no session and sends nothing, so whoever fetches it learns the domain alone.
  @Test
  void theGatewaysOwnAddressLeadsBrowsersToTheHostOfTheirLogin() throws Exception {
    HttpResponse<String> page = send(to("127.0.0.1", "/_lockbox/open", OWN));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("https://${label}.apps.test${port}/_lockbox/start#${token}");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'; script-src 'sha256-")
        .doesNotContain("connect-src");
    assertThat(page.headers().firstValue("cache-control")).contains("no-store");
    assertThat(send(to("s.apps.test", "/_lockbox/open", OWN)).statusCode()).isEqualTo(401);
    assertThat(send(to("127.0.0.1", "/_lockbox/open?x=1", OWN)).statusCode()).isEqualTo(401);
  }

  @Test
  void whereNoDomainIsSetNoBrowserIsLetIn() throws Exception {
    String token = token();
    HttpResponse<String> elsewhere = send(to("s.apps.example", "/_lockbox/start", OWN));
    assertThat(elsewhere.statusCode()).isEqualTo(401);
    assertThat(elsewhere.body()).contains("\"code\":\"token\"");
    assertThat(send(to("127.0.0.1", "/_lockbox/domain", OWN)).body())
        .isEqualTo("{\"sessionDomain\":\"apps.test\"}");
    assertThat(launch(token, "s.apps.test.evil.test", origin(token), "same-origin").statusCode())
        .isEqualTo(401);
  }
}
