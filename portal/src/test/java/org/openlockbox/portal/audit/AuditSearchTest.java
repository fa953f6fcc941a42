package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.operation.OperationFacts;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// Searching the audit log by what came of requests and by what their statements say, and keeping a
/// search.
final class AuditSearchTest {
  private static final Pattern ID = Pattern.compile("/requests/(R-[0-9A-Z]{10})\"");
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser AUD = PORTAL.browser().as("aud@acme.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestBrowser GUS = PORTAL.browser().as("ann@globex.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static List<String> found(TestBrowser who, String search) {
    var page = who.get("/audit" + search);
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    return ID.matcher(page.text()).results().map(one -> one.group(1)).distinct().toList();
  }

  /// A request under which this statement was sent, with these values of its parameters.
  private static String sent(TestTenant tenant, String sql, Optional<String> values) {
    return sent(tenant, sql, values, SqlFacts.reading("select", 1, List.of("customers")));
  }

  private static String sent(
      TestTenant tenant, String words, Optional<String> values, OperationFacts facts) {
    var gateway = TestGateway.leased(tenant.server);
    var request = tenant.approved();
    var session = gateway.open(tenant, request);
    var text = TestGateway.sql(words);
    var input = values.map(TestGateway::sql);
    var operation =
        new SessionEvent.Operation(
            session,
            0,
            text.commitment(),
            input.map(one -> one.commitment()),
            facts instanceof HttpFacts ? "request" : "execute",
            facts);
    TestGateway.indices(
        gateway.append(
            input
                .map(one -> gateway.entry(tenant, operation, text, one))
                .orElseGet(() -> gateway.entry(tenant, operation, text))));
    return PortalFixture.id(request);
  }

  @Test
  void whoNamedACustomerIsFoundInStatementsAndInTheValuesOfTheirParameters() {
    var named = sent(PORTAL.acme, "select * from customers where id = 4711", Optional.empty());
    var bound = sent(PORTAL.acme, "select * from customers where id = $1", Optional.of("4711"));
    var other = sent(PORTAL.acme, "select * from customers where id = 14711", Optional.empty());
    var theirs = sent(PORTAL.globex, "select 4711", Optional.empty());
    assertThat(found(AUD, "?value=4711&month=2026-11")).containsExactly(bound, named);
    assertThat(found(AUD, "?value=4711&month=2026-10")).isEmpty();
    assertThat(found(AUD, "?value=CUSTOMERS+WHERE")).containsExactly(other, bound, named);
    assertThat(found(GUS, "?value=4711")).containsExactly(theirs);
    var page = AUD.get("/audit?value=4711").text();
    assertThat(page)
        .contains("2 requests here, ", "1 operation names it", "Value in operations: 4711")
        .contains("A statement that reads all rows does not name your customer");
    var first =
        page.replaceAll(
            "(?s).*href=\"(/requests/%s/record\\?from=\\d+)\".*".formatted(named), "$1");
    assertThat(AUD.get(first).read()).contains("where id = 4711");
    var file = AUD.get("/audit/export?value=4711").text();
    assertThat(file).contains(named, bound).doesNotContain(other);
  }

  @Test
  void whatReadATableWithoutNamingTheValueIsSaidOnThePageAndOnPaper() {
    sent(PORTAL.globex, "select * from customers", Optional.empty());
    for (var page : List.of("/audit", "/audit/print")) {
      assertThat(GUS.get(page + "?value=70007&table=customers").text())
          .as(page)
          .doesNotContain("Operations that read data without naming");
      var text = GUS.get(page + "?value=70007").text();
      assertThat(text)
          .as(page)
          .contains("No request names 70007.", "They may have read it all the same.")
          .containsPattern("Operations that read data without naming 70007: [1-9]")
          .contains("A statement that reads all rows does not name your customer")
          .doesNotContain("No request matches.");
      var note = text.replaceAll("(?s).*<p id=\"unnamed\"(.*?)</p>.*", "$1");
      assertThat(note).contains("<a href=\"/audit?\">");
    }
    var before = unnamed(GUS);
    var list = new HttpFacts("GET", Optional.of("tickets.list"));
    sent(PORTAL.globex, "GET /v1/tickets", Optional.empty(), list);
    assertThat(unnamed(GUS)).as("an answer of a service may show anybody").isEqualTo(before + 1);
    var german = GUS.call("GET", "/audit?value=70007", "", Map.of("Accept-Language", "de")).text();
    assertThat(german)
        .contains("Keine Anfrage nennt 70007.", "Sie können es trotzdem gelesen haben.");
  }

  private static int unnamed(TestBrowser who) {
    var counted = Pattern.compile("without naming 70007: (\\d+)");
    var found = counted.matcher(who.get("/audit?value=70007").text());
    assertThat(found.find()).isTrue();
    return Integer.parseInt(found.group(1));
  }

  @Test
  void requestsAreFoundByWhatCameOfThem() {
    var acme = PORTAL.acme;
    var waiting = acme.ask("helpdesk");
    var open = acme.approved();
    var stopped = acme.approved();
    assertThat(acme.revoke(stopped).status()).isEqualTo(200);
    var expected = Map.of("pending", waiting, "approved", open, "revoked", stopped);
    expected.forEach(
        (outcome, request) -> {
          var ids = found(AUD, "?outcome=" + outcome);
          assertThat(ids).as(outcome).contains(PortalFixture.id(request));
          expected.values().stream()
              .filter(one -> !one.equals(request))
              .forEach(one -> assertThat(ids).as(outcome).doesNotContain(PortalFixture.id(one)));
        });
    assertThat(AUD.get("/audit?outcome=revoked").text())
        .contains("approved by acme-ann", "stopped by acme-ann", ">Revoked</span>");
    assertThat(AUD.get("/audit?outcome=fun").status()).isEqualTo(422);
  }

  private static void policy(TestTenant tenant, String json) {
    var bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    tenant.change(new KeyringChange.Edit.ReplacePolicy(Policy.parse(Json.read(bytes))));
  }

  /// Granted by the policy with nobody asked; ended or not, and whatever people approved beside it.
  @Test
  void automaticAreThoseThatNobodySigned() {
    var tenant = new TestTenant(PORTAL.server, "stark", 1);
    PORTAL.person(Optional.of(tenant.id), "stark-aud", "aud@stark.example", Role.AUDITOR);
    var aud = PORTAL.browser().as("aud@stark.example");
    tenant.approved();
    policy(tenant, "{'rules':[{'id':'two','says':'Two.','ask':{'quorum':2}}]}");
    var two = tenant.ask("helpdesk");
    var once = tenant.approve(two);
    PORTAL.server.token("stark-bob", "stark-bob", Role.APPROVER, Optional.of(tenant.id));
    var allowed = tenant.allowance(Level.MASKED, Duration.ofMinutes(30));
    var bob = tenant.decision(TestTenant.ref(two), "stark-bob", Optional.of(allowed));
    var twice =
        tenant.step(
            "stark-bob", once, ":approve", TestTenant.envelope(bob.signedBy(tenant.second)));
    assertThat(twice.json().text("state")).isEqualTo("approved");
    assertThat(found(aud, "?outcome=automatic")).isEmpty();
    policy(tenant, "{'mode':'notify-only'}");
    var first = PortalFixture.id(tenant.ask("helpdesk"));
    var second = tenant.ask("helpdesk");
    assertThat(tenant.revoke(second).status()).isEqualTo(200);
    policy(tenant, "{'mode':'never'}");
    tenant.ask("helpdesk");
    var automatic = found(aud, "?outcome=automatic");
    assertThat(automatic).containsExactly(PortalFixture.id(second), first);
    assertThat(found(aud, "?outcome=automatic&level=write")).isEmpty();
    assertThat(found(aud, "?outcome=automatic&level=masked")).isEqualTo(automatic);
    assertThat(found(AUD, "?outcome=automatic")).doesNotContainAnyElementsOf(automatic);
  }

  @Test
  void requestsAreFoundByTheEmployerOfWhoAsked() {
    var before = PortalFixture.id(PORTAL.acme.ask("helpdesk"));
    TestDirectory.write(
        PORTAL.server,
        "eve",
        Map.of("country", "PT", "employer", "Contract & Söhne", "kind", "human"));
    var hired = PortalFixture.id(PORTAL.acme.ask("helpdesk"));
    for (var typed : List.of("contract", "Contract+%26+S%C3%B6hne", "S%C3%96HNE")) {
      assertThat(found(AUD, "?employer=" + typed)).as(typed).contains(hired).doesNotContain(before);
    }
    assertThat(found(AUD, "?employer=nobody")).isEmpty();
    var page = AUD.get("/audit?employer=contract&level=masked").text();
    assertThat(page)
        .contains("Employer: contract", "href=\"/audit?level=masked\"")
        .contains("list=\"employers\"", "<option value=\"Contract &amp; Söhne\">")
        .as("the row names it")
        .contains("eve · <span class=\"written\">Contract &amp; Söhne</span>");
    assertThat(AUD.get("/audit/export?employer=contract").text())
        .contains(hired)
        .doesNotContain(before);
    var view = Map.of("employer", "contract", "name", "Hired people");
    assertThat(AUD.post("/audit/views", view).header("Location"))
        .isEqualTo("/audit?employer=contract");
    var german = AUD.call("GET", "/audit?employer=x", "", Map.of("Accept-Language", "de")).text();
    assertThat(german).contains("Arbeitgeber: x");
    assertThat(AUD.get("/audit?level=masked&employer=%00").text())
        .contains("Enter the name of an employer", "Nothing was searched.");
  }

  @Test
  void whatNobodyCanReadIsAFaultBesideItsFieldAndTheRestStays() {
    for (var wrong :
        List.of("outcome=fun", "month=2026-13", "month=+999999999-12", "value=%00", "text=%00")) {
      var page = AUD.get("/audit?level=masked&" + wrong);
      assertThat(page.status()).as(wrong).isEqualTo(422);
      assertThat(page.text())
          .as(wrong)
          .contains("class=\"fault\"", "value=\"masked\" selected", "Nothing was searched.");
    }
  }

  @Test
  void aKeptSearchIsItsOwnersAloneAndOneTapAway() {
    var search = Map.of("level", "write", "outcome", "denied", "name", "Denied <writes>");
    var kept = AUD.post("/audit/views", search);
    assertThat(kept.header("Location")).isEqualTo("/audit?level=write&outcome=denied");
    assertThat(AUD.get("/audit?level=write&outcome=denied").text())
        .contains("aria-current=\"true\">Denied &lt;writes&gt;</a>")
        .contains("Remove the view");
    for (var other : List.of(ANN, GUS)) {
      assertThat(other.get("/audit").text()).doesNotContain("Denied &lt;writes&gt;");
      other.post("/audit/views/forget", Map.of("name", "Denied <writes>"));
    }
    assertThat(AUD.get("/audit").text()).contains("Denied &lt;writes&gt;");
    assertThat(AUD.post("/audit/views/forget", Map.of("name", "Denied <writes>")).status())
        .isEqualTo(303);
    assertThat(AUD.get("/audit").text()).doesNotContain("Denied &lt;writes&gt;");
  }

  @Test
  void aSearchWithoutANameAndOneTooManyAreNotKept() {
    var unnamed = GUS.post("/audit/views", Map.of("level", "write", "name", " "));
    assertThat(unnamed.status()).isEqualTo(422);
    assertThat(unnamed.text()).contains("The view was not saved. Give it a name");
    assertThat(GUS.post("/audit/views", Map.of("name", "all")).text())
        .contains("The view was not saved. Choose a filter first.");
    for (int n = 0; n < 20; n++) {
      GUS.post("/audit/views", Map.of("level", "write", "name", "view " + n));
    }
    assertThat(
            GUS.post("/audit/views", Map.of("level", "read", "name", "view 0")).header("Location"))
        .isEqualTo("/audit?level=read");
    assertThat(GUS.post("/audit/views", Map.of("level", "read", "name", "one more")).text())
        .contains("You have 20 views", "value=\"one more\"");
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.post("/audit/views", Map.of("level", "read", "name", "x")).status())
        .isEqualTo(404);
  }

  /// As if globex's approver had opened so many statements just now.
  private static void opened(int statements) {
    PORTAL.server.execute(
        """
        delete from statement_search;
        insert into statement_search (person_id, at, statements)
        select id, '%s', %d from person where address = 'ann@globex.example'
        """
            .formatted(PORTAL.server.clock.get(), statements));
  }

  @Test
  void onePersonOpensOnlySoManyStatementsWithinTenMinutes() {
    var named = sent(PORTAL.globex, "select 815", Optional.empty());
    assertThat(found(GUS, "?value=815")).containsExactly(named);
    opened(200_000);
    var page = GUS.get("/audit?value=815").text();
    assertThat(page)
        .contains("You have opened as many operations", "Search older requests")
        .doesNotContain(named);
    assertThat(GUS.get("/audit/export?value=815").status()).isEqualTo(429);
    assertThat(found(GUS, "?text=SUP")).as("no statement is opened for it").contains(named);
    assertThat(found(AUD, "?value=4711")).as("others search on").isNotNull();
    PORTAL.server.execute("update statement_search set at = at - interval '11 minutes'");
    assertThat(found(GUS, "?value=815")).containsExactly(named);
  }

  @Test
  void aLongRequestIsSearchedOverSeveralPages() {
    var gateway = TestGateway.leased(PORTAL.server);
    var request = PORTAL.globex.approved();
    var session = gateway.open(PORTAL.globex, request);
    for (int n = 0; n < 5; n++) {
      var text = TestGateway.sql(n == 4 ? "select 'needle'" : "select " + n);
      var operation =
          new SessionEvent.Operation(
              session,
              n,
              text.commitment(),
              Optional.empty(),
              "execute",
              SqlFacts.reading("select", 1, List.of("customers")));
      TestGateway.indices(gateway.append(gateway.entry(PORTAL.globex, operation, text)));
    }
    opened(199_997);
    var page = GUS.get("/audit?value=needle").text();
    assertThat(page)
        .contains("No request here matches", "3 operations searched", "Searched back to")
        .contains("id=\"further\"", "data-cost=\"4\"", "data-read=\"3\"", "further.");
    var on = page.replaceAll("(?s).*href=\"/audit(\\?value=needle&amp;before=[^\"]*)\".*", "$1");
    PORTAL.server.execute("delete from statement_search");
    assertThat(found(GUS, on.replace("&amp;", "&"))).containsExactly(PortalFixture.id(request));
  }
}
