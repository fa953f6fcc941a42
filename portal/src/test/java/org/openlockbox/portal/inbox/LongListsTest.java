package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.RequestLists.RequestScope;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Pages whose lists are long: as small as any other page, and every request is on one of them.
final class LongListsTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final int WAITING = 105;
  private static final int OPEN = 40;
  private static final int OVER = 45;
  private static final int COPIES = 500;

  /// Style sheet, icons and script are 20 KB more.
  private static final int BUDGET = 100 * 1024;

  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]*)\"");
  private static final Pattern REQUEST = Pattern.compile("href=\"/requests/(R-[0-9A-Z]{10})\"");

  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");

  @BeforeAll
  static void many() {
    for (int n = 0; n < WAITING; n++) {
      PORTAL.acme.ask("helpdesk");
    }
    var open = PORTAL.globex.approved();
    PORTAL.copies(PortalFixture.id(open), 0, COPIES, "");
    var own = PORTAL.acme.approved();
    PORTAL.copies(PortalFixture.id(own), 1000, OPEN - 1, "");
    var over = PORTAL.acme.approved();
    PORTAL.acme.revoke(over);
    PORTAL.copies(
        PortalFixture.id(over),
        2000,
        OVER - 1,
        ", 'created_at', r.created_at - n * interval '1 min'");
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Optional<String> next(String page) {
    return NEXT.matcher(page).results().map(one -> one.group(1).replace("&amp;", "&")).findFirst();
  }

  private static List<String> ids(String page) {
    var main = page.substring(page.indexOf("<main"));
    return REQUEST.matcher(main).results().map(one -> one.group(1)).distinct().toList();
  }

  private static String between(String page, String from, String to) {
    int begin = page.indexOf(from);
    assertThat(begin).as(from).isNotNegative();
    int end = page.indexOf(to, begin);
    return page.substring(begin, end < 0 ? page.length() : end);
  }

  /// The requests of this part of the first page and of all pages that follow it.
  private static List<String> all(TestBrowser browser, String firstPart) {
    var found = new ArrayList<>(ids("<main" + firstPart));
    var next = next(firstPart);
    while (next.isPresent()) {
      var page = browser.get(next.get());
      assertThat(page.status()).as(next.get()).isEqualTo(200);
      isSmall(page.text());
      assertThat(page.text()).contains("First page");
      found.addAll(ids(page.text()));
      next = next(page.text());
    }
    return found;
  }

  private static void isSmall(String page) {
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(BUDGET);
  }

  @ParameterizedTest
  @CsvSource({
    "ann@acme.example, /inbox",
    "aud@acme.example, /inbox",
    "eve@vendor.example, /inbox",
    "rex@vendor.example, /inbox",
    "olga@vendor.example, /inbox",
    "eve@vendor.example, /mine",
    "rex@vendor.example, /reviews",
    "olga@vendor.example, /operation",
    "olga@vendor.example, /operation/access",
    "olga@vendor.example, /operation/tenants/acme",
    "ann@acme.example, /deny",
    "aud@acme.example, /audit",
  })
  void everyPageIsSmall(String who, String path) {
    var page = PORTAL.browser().as(who).get(path);
    assertThat(page.status()).isEqualTo(200);
    isSmall(page.text());
  }

  @Test
  void anApproverComesToEachThatWaitsTheMostUrgentFirst() {
    var page = ANN.get("/inbox").text();
    assertThat(page)
        .as("of the first 100 each was looked at")
        .contains("<title>(100+) Requests", "Waiting for you (100+)")
        .contains("No request up to here waits for others.");
    var waiting = between(page, "Waiting for you", "<aside>");
    assertThat(ids("<main" + waiting)).hasSize(25);
    assertThat(all(ANN, waiting)).hasSize(WAITING).doesNotHaveDuplicates();
    var second = ANN.get(next(waiting).orElseThrow()).text();
    assertThat(second).contains("<title>Requests", "<h2>Waiting for you</h2>", "#go");
    assertThat(second).doesNotContain("Active access", "History");
  }

  @Test
  void anApproverComesToEachThatIsOpenOrOver() {
    var page = ANN.get("/inbox").text();
    var active = between(page, "<aside>", "</aside>");
    assertThat(active).contains("Active access (" + OPEN + ")");
    assertThat(all(ANN, active)).hasSize(OPEN).doesNotHaveDuplicates();
    assertThat(all(ANN, between(page, "<h2>History</h2>", "</section>")))
        .hasSize(OVER)
        .doesNotHaveDuplicates();
  }

  @Test
  void anEngineerComesToEachOfTheirOwn() {
    var page = EVE.get("/mine").text();
    assertThat(all(EVE, between(page, "Active (" + (OPEN + COPIES + 1) + ")", "</section>")))
        .hasSize(OPEN + COPIES + 1)
        .doesNotHaveDuplicates();
    assertThat(all(EVE, between(page, "Waiting (" + WAITING + ")", "</section>")))
        .hasSize(WAITING)
        .doesNotHaveDuplicates();
    assertThat(all(EVE, between(page, "<h2>History</h2>", "</section>")))
        .hasSize(OVER)
        .doesNotHaveDuplicates();
  }

  @Test
  void anOperatorComesToEachOpenAccess() {
    var page = OLGA.get("/operation/access").text();
    assertThat(page).contains("(" + (OPEN + COPIES + 1) + ") ", "helpdesk <span class=\"count");
    assertThat(ids(page)).hasSize(50);
    assertThat(all(OLGA, page.substring(page.indexOf("<main") + 5)))
        .hasSize(OPEN + COPIES + 1)
        .doesNotHaveDuplicates();
    var one = OLGA.get("/operation/access?resource=helpdesk").text();
    assertThat(next(one).orElseThrow()).startsWith("/operation/access?resource=helpdesk&after=");
  }

  /// The inbox is in the order in which the answers are due, and several are denied from its top
  /// on.
  @Test
  void severalAreDeniedFromTheMostUrgentOn() {
    var jdbc = JdbcClient.create(new DriverManagerDataSource(PORTAL.server.jdbcUrl));
    var waits = " from access_request where tenant_id = 'acme' and state = 'pending'";
    var urgent =
        jdbc.sql("select id" + waits + " order by decide_by, id").query(String.class).list();
    var inbox = ANN.get("/inbox").text();
    var waiting = between(inbox, "Waiting for you", "<aside>");
    assertThat(waiting).contains("href=\"/deny\"");
    assertThat(ids("<main" + waiting)).isEqualTo(urgent.subList(0, 25));
    assertThat(all(ANN, waiting)).isEqualTo(urgent);
    assertThat(ANN.get("/deny").text()).doesNotContain("rel=\"next\"");
  }

  @ParameterizedTest
  @CsvSource({
    "/inbox?list=waiting&after=nonsense",
    "/inbox?list=nonsense&after=2026-11-24T09:00:00Z_R-0000000001",
    "/inbox?list=waiting&after=2026-99-24T09:00:00Z_R-0000000001",
    "/inbox?list=waiting&after=2026-11-24T09:00:00Z_R-000000000I",
  })
  void aPlaceThatIsNoneIsTheFirstPage(String path) {
    assertThat(ANN.get(path).text()).contains("Waiting for you (100+)", "Active access");
  }

  /// The scope holds for what is counted too: another tenant, and an engineer who asked nothing.
  @Test
  void nobodyCountsWhatTheyMayNotSee() {
    var jdbc = JdbcClient.create(new DriverManagerDataSource(PORTAL.server.jdbcUrl));
    var now = PORTAL.server.clock.get();
    var globex = RequestScope.of(Optional.of(PORTAL.globex.id), Optional.empty());
    var nobody = RequestScope.of(Optional.empty(), Optional.of(new SubjectId("nobody")));
    var eve = RequestScope.of(Optional.empty(), Optional.of(new SubjectId("eve")));
    var all = new RequestLists(jdbc, RequestScope.ALL, now).byResource(ListKind.OPEN);
    assertThat(all).containsValue((long) COPIES + 1 + OPEN);
    assertThat(new RequestLists(jdbc, eve, now).byResource(ListKind.OPEN)).isEqualTo(all);
    assertThat(new RequestLists(jdbc, globex, now).byResource(ListKind.OPEN))
        .containsValue((long) COPIES + 1);
    assertThat(new RequestLists(jdbc, nobody, now).byResource(ListKind.OPEN)).isEmpty();
    assertThat(new RequestLists(jdbc, nobody, now).count(ListKind.OPEN)).isZero();
  }
}
