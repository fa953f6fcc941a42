package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.id;
import static org.openlockbox.portal.PortalFixture.page;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// What the portal shows of a session's role that could not be removed, to whom, and until when.
final class PortalLeftoverTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");

  private static final String WHY = "role owns <b>objects</b> & more";
  private static final String SHOWN = "role owns &lt;b&gt;objects&lt;/b&gt; &amp; more";
  private static final String WARNING =
      "could not be removed from the database yet.</p>\n<p class=\"written\"><small>" + SHOWN;

  private final Answer request = ACME.approved();
  private final TestGateway gateway = TestGateway.leased(ACME.server);
  private final SessionId session = gateway.open(ACME, request);

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private void isNotRemoved() {
    var failed = new SessionEvent.RemovalFailed(session, TestTenant.ref(request).id(), WHY);
    TestGateway.indices(gateway.append(gateway.entry(ACME, failed)));
  }

  private void isRemoved() {
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
  }

  private String of(String part) {
    return page(request) + part;
  }

  private static String german(TestBrowser who, String path) {
    return who.call("GET", path, "", Map.of("Accept-Language", "de")).text();
  }

  @Test
  void whileAccessGoesOnEachPageOfItSaysSoUntilTheRoleIsGone() {
    isNotRemoved();
    for (var who : List.of(ANN, EVE)) {
      assertThat(who.get(of("")).text()).contains(WARNING).contains("state approved");
      assertThat(who.get(of("/live")).text()).contains(WARNING);
      assertThat(who.get(of("/record")).text())
          .contains(SHOWN, "Its role could not be removed", ">Over<br>")
          .doesNotContain("<b>objects");
    }
    assertThat(german(ANN, of("")))
        .contains("nicht aus der Datenbank entfernen.</p>\n<p class=\"written\"><small>" + SHOWN);
    assertThat(german(ANN, of("/live")))
        .contains("nicht aus der Datenbank entfernen.</p>\n<p class=\"written\"><small>" + SHOWN);
    assertThat(german(ANN, of("/record")))
        .contains("Rolle ließ sich nicht entfernen", ">Beendet<br>");

    isRemoved();
    for (var part : List.of("", "/live")) {
      assertThat(ANN.get(of(part)).text()).doesNotContain("from the database yet");
    }
    assertThat(ANN.get(of("/record")).text())
        .contains("what it was given there is removed")
        .doesNotContain("Its role could not be removed");
    assertThat(german(ANN, of("/record"))).contains("was sie dort erhalten hatte, ist entfernt");
  }

  @Test
  void afterTheEndTheStateSaysSoUntilTheRoleIsGone() {
    assertThat(ACME.revoke(ACME.show(request)).status()).isEqualTo(200);
    isNotRemoved();
    assertThat(ANN.get(of("")).text())
        .contains("state removalFailed", "A role in the database could not be removed yet", SHOWN);
    assertThat(german(ANN, of(""))).contains("Konnte nicht entfernt werden");
    isRemoved();
    assertThat(ANN.get(of("")).text())
        .contains("state revoked")
        .doesNotContain("removalFailed", SHOWN);
  }

  @Test
  void theRecordSaysOfAClosedSessionThatItsRoleStillStands() {
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, false))));
    assertThat(ANN.get(of("/record")).text())
        .contains(
            "what it was given there could not be removed yet", "Its role could not be removed")
        .doesNotContain("what it was given there is removed");
    assertThat(german(ANN, of("/record")))
        .contains("was sie dort erhalten hatte, ließ sich noch nicht entfernen");
  }

  @Test
  void operatorsSeeEachThatStillStands() {
    assertThat(OLGA.get("/operation").text()).doesNotContain(id(request));
    isNotRemoved();
    assertThat(OLGA.get("/operation").text())
        .contains("Roles that could not be removed", id(request), session.value(), "gw-1", SHOWN)
        .doesNotContain("Cannot log in");
    assertThat(german(OLGA, "/operation")).contains("Rollen, die sich nicht entfernen ließen");
    isRemoved();
    assertThat(OLGA.get("/operation").text()).doesNotContain(id(request));
  }

  @Test
  void noOtherTenantLearnsOfIt() {
    isNotRemoved();
    var stranger = PORTAL.browser().as("ann@globex.example");
    for (var part : List.of("", "/live", "/record")) {
      var hidden = stranger.get(of(part));
      assertThat(hidden.status()).isEqualTo(404);
      assertThat(hidden.text()).doesNotContain(SHOWN);
    }
    assertThat(stranger.get("/inbox").text()).doesNotContain(id(request));
    assertThat(stranger.get("/operation").status()).isEqualTo(403);
    isRemoved();
  }
}
