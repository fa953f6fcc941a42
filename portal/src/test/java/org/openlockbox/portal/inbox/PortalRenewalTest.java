package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.signed;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestTenant;

/// A page that waits for others learns that it is outdated, and a page confirms what was just done.
final class PortalRenewalTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static String mark() {
    return ANN.get("/fresh").text();
  }

  private static String propose() {
    return ANN.post("/access", Map.of("access", "off")).header("Location");
  }

  @Test
  void eachStepOfARequestAndOfAProposalGivesAnotherMark() {
    var marks = new ArrayList<String>();
    marks.add(mark());
    var asked = ACME.ask("helpdesk");
    marks.add(mark());
    ANN.post(PortalFixture.page(asked) + "/comments", Map.of("text", "Why read?"));
    marks.add(mark());
    var proposal = propose();
    marks.add(mark());
    var handover = ANN.get(proposal).field("handover");
    var sign = ANN.approve("/sign/proposal", Map.of("handover", handover), TestBrowser.PORTAL);
    ANN.approve("/sign/proposal/send", signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    marks.add(mark());
    ANN.post(propose() + "/withdraw", Map.of());
    marks.add(mark());
    assertThat(marks).doesNotHaveDuplicates();
    assertThat(mark()).as("nothing happened").isEqualTo(marks.getLast());
  }

  @Test
  void whatHappensToAnotherTenantChangesNoMark() {
    var before = mark();
    PORTAL.globex.ask("helpdesk");
    var gus = PORTAL.browser().as("ann@globex.example");
    gus.post("/access", Map.of("access", "audit-only"));
    assertThat(mark()).isEqualTo(before);
    assertThat(PORTAL.browser().get("/fresh").header("Location")).startsWith("/sign-in");
  }

  @Test
  void pagesThatWaitForOthersHaveTheMarkAndTheNavigationCounts() {
    var proposal = propose();
    for (var page : new String[] {"/inbox", "/keys", proposal, "/requests/" + request()}) {
      assertThat(ANN.get(page).text())
          .as(page)
          .contains("id=\"fresh\"", "data-mark=\"" + mark() + "\"", "This page updates itself.");
    }
    assertThat(ANN.get("/policy").text())
        .containsPattern("<span>Requests</span><span class=\"count\">\\d+<")
        .containsPattern("<span>Keys</span><span class=\"count\">\\d+<");
    assertThat(ANN.get("/inbox").text()).containsPattern("<title>\\(\\d+\\) Requests");
  }

  private static String request() {
    return PortalFixture.id(ACME.ask("helpdesk"));
  }

  @Test
  void anActIsConfirmedOnce() {
    var proposal = propose();
    assertThat(ANN.get(proposal).text()).contains("Your proposal is made.");
    assertThat(ANN.get(proposal).text()).doesNotContain("Your proposal is made.");
    ANN.post(proposal + "/withdraw", Map.of());
    assertThat(ANN.get(proposal).text()).contains("The proposal is closed.", "Nothing has changed");
  }

  @Test
  void aWordThatIsNoneOfOursConfirmsNothing() {
    for (var word : new String[] {"", "nonsense", "x.y.z.a.b", "<b>", "proposal"}) {
      var page = ANN.call("GET", "/keys", "", Map.of("Cookie", "lockbox-done=" + word));
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.text()).as(word).doesNotContain("banner tone-good");
    }
  }

  @Test
  void theConfirmationIsNoSecretAndNotForOtherSites() {
    var cookies = ANN.post("/access", Map.of("access", "off")).response().headers();
    assertThat(cookies.allValues("Set-Cookie"))
        .anyMatch(
            cookie ->
                cookie.startsWith("lockbox-done=proposal.made;")
                    && cookie.contains("HttpOnly")
                    && cookie.contains("SameSite=Strict"));
  }
}
