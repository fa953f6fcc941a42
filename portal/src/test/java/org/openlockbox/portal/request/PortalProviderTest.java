package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.id;
import static org.openlockbox.portal.PortalFixture.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;

/// The provider's own pages: the second person's queue, and how the whole goes for operators.
final class PortalProviderTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser REX = PORTAL.browser().as("rex@vendor.example");
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Map<String, String> verdict(Answer asked, String verdict, String comment) {
    return Map.of(
        "version", REX.get(page(asked)).field("version"), "verdict", verdict, "comment", comment);
  }

  private static String state(Answer asked) {
    return ACME.show(asked).json().text("state");
  }

  @Test
  void aReviewerLetsARequestThroughToTheCustomer() {
    var asked = ACME.ask("billing");
    assertThat(REX.get("/reviews").text()).contains(page(asked));
    assertThat(ANN.get(page(asked)).text())
        .contains("second person has to let it through first", "Deny…")
        .doesNotContain("value=\"approve\"", "value=\"less\"");
    assertThat(ANN.get("/inbox").text()).contains("Waiting for the provider’s reviewer");
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.get("/mine").text()).contains("Waiting for the provider’s reviewer");
    assertThat(eve.get(page(asked)).text()).contains("second person has to let it through first");
    var sent = REX.post(page(asked) + "/review", verdict(asked, "approve", ""));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    assertThat(REX.get("/reviews").text()).doesNotContain(page(asked));
    assertThat(ANN.get(page(asked)).text())
        .contains("rex of the provider let it through", "value=\"approve\"");
    assertThat(state(asked)).isEqualTo("pending");
  }

  @Test
  void whoStopsARequestSaysWhy() {
    var asked = ACME.ask("billing");
    var silent = REX.post(page(asked) + "/review", verdict(asked, "reject", " \r\n "));
    assertThat(silent.status()).isEqualTo(422);
    assertThat(silent.text()).contains("Say why you stop it", "aria-invalid=\"true\"");
    assertThat(silent.has("verdict")).as("the form is there again").isTrue();
    assertThat(state(asked)).isEqualTo("pending");
    var odd = REX.post(page(asked) + "/review", verdict(asked, "reject", "no \u2764\ufe0f"));
    assertThat(odd.status()).isEqualTo(422);
    assertThat(odd.text())
        .contains("id=\"comment-fault\">Your words may have", "no \u2764\ufe0f</textarea>");
    var sent =
        REX.post(page(asked) + "/review", verdict(asked, "reject", "Ask <b>less</b>\r\nplease"));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    assertThat(state(asked)).isEqualTo("denied");
    assertThat(ANN.get(page(asked)).text())
        .contains("rex of the provider stopped it", "Ask &lt;b&gt;less&lt;/b&gt;\nplease");
    assertThat(OLGA.get("/operation").text()).contains(id(asked), ">Provider</td>");
  }

  @Test
  void nobodyReviewsTheirOwnRequest() {
    var roles = Set.of(Role.ENGINEER, Role.REVIEWER);
    PORTAL
        .server
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                Optional.empty(),
                new SubjectId("max"),
                new MailAddress("max@vendor.example"),
                "max",
                roles));
    PORTAL.server.token("max", "max", Role.ENGINEER, Optional.empty());
    var asked = PORTAL.server.post("max", ACME.requests(), ACME.wish("billing"));
    assertThat(asked.status()).isEqualTo(201);
    var max = PORTAL.browser().as("max@vendor.example");
    assertThat(max.get("/reviews").text()).doesNotContain(page(asked));
    assertThat(max.get(page(asked)).has("verdict")).isFalse();
    int size = ACME.verifiedLog().size();
    var forced = max.post(page(asked) + "/review", Map.of("version", "1", "verdict", "approve"));
    assertThat(forced.status()).isEqualTo(422);
    assertThat(ACME.verifiedLog()).hasSize(size);
  }

  @Test
  void aReviewOfWhatChangedMeanwhileIsNotTaken() {
    var asked = ACME.ask("billing");
    var early = verdict(asked, "approve", "");
    var withdrawn =
        PORTAL.server.post(
            "engineer", ACME.requests() + "/" + id(asked) + ":withdraw", Json.object().build());
    assertThat(withdrawn.status()).isEqualTo(200);
    var late = REX.post(page(asked) + "/review", early);
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.text()).contains("<del>Waiting</del>", "<ins>Withdrawn</ins>");
  }

  @Test
  void onlyReviewersReviewAndOnlyOperatorsSeeTheWhole() {
    var asked = ACME.ask("billing");
    var eve = PORTAL.browser().as("eve@vendor.example");
    for (var who : List.of(eve, OLGA, ANN)) {
      assertThat(who.get("/reviews").status()).isEqualTo(403);
      assertThat(
              who.post(page(asked) + "/review", Map.of("version", "1", "verdict", "approve"))
                  .status())
          .isEqualTo(403);
    }
    for (var who : List.of(eve, REX, ANN)) {
      var shown = who.get("/operation");
      assertThat(shown.status()).isEqualTo(403);
      assertThat(shown.text()).doesNotContain("globex");
    }
    assertThat(state(asked)).isEqualTo("pending");
  }

  @Test
  void anOperatorSeesHowTheWholeGoesAndNoWordsOfTenants() {
    var asked = ACME.ask("billing");
    assertThat(
            REX.post(page(asked) + "/review", verdict(asked, "reject", "No secret word here"))
                .status())
        .isEqualTo(303);
    var shown = OLGA.get("/operation").text();
    assertThat(shown)
        .contains("acme", "helpdesk", id(asked))
        .doesNotContain("No secret word here", "Cannot log in", "SUP-1");
    TestGateway.leased(PORTAL.server);
    assertThat(OLGA.get("/operation").text())
        .contains("/operation/gateways/gw-1", ">up<", "days left", "href=\"/operation/gateways\"");
  }

  @Test
  void anOperatorSeesAGatewayItsKeyAndItsSessionsAndNobodyElseDoes() {
    TestGateway.leased(PORTAL.server);
    var shown = OLGA.get("/operation/gateways/gw-1");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text())
        .contains(
            "Last heard", "helpdesk", "Open sessions", "lockbox gateway renew gw-1.cert", "Key");
    for (var who : List.of(REX, ANN)) {
      assertThat(who.get("/operation/gateways/gw-1").status()).isEqualTo(403);
    }
    for (var id : List.of("gw-none", "..", "GW-1", "1")) {
      assertThat(OLGA.get("/operation/gateways/" + id).status()).as(id).isIn(400, 404);
    }
  }

  @Test
  void anOperatorSeesWhatIsStuckAndOneTenantWithoutWordsOrPeople() {
    var asked = ACME.ask("billing");
    assertThat(OLGA.get("/operation").text())
        .contains("Stuck requests", "Your reviewer", id(asked), "/operation/tenants/acme");
    var shown = OLGA.get("/operation/tenants/acme");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text())
        .contains(id(asked), "Waits for", "Pin", ACME.pin().hex())
        .doesNotContain("Cannot log in", "SUP-1", "acme-ann", "ann@acme.example");
    for (var who : List.of(REX, ANN)) {
      assertThat(who.get("/operation/tenants/acme").status()).isEqualTo(403);
    }
    for (var id : List.of("nobody", "..", "ACME", "a")) {
      assertThat(OLGA.get("/operation/tenants/" + id).status()).as(id).isIn(400, 404);
    }
  }
}
