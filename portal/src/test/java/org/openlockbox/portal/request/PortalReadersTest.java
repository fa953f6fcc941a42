package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// The same thing in the words of whoever reads it: the approver, the auditor, the engineer.
final class PortalReadersTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE d MMM yyyy, HH:mm", Locale.ENGLISH);

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void theEngineerReadsTheCustomersThingsAsTheCustomersAndConnectsFirst() {
    var asked = ACME.ask("helpdesk");
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.get(page(asked)).text())
        .contains("Entry in the customer’s log", "<dd>a ticket of the customer</dd>")
        .doesNotContain("Entry in your log", "your policy", "You have no policy", "Connect now");
    assertThat(ANN.get(page(asked)).text()).contains("Entry in your log", "a ticket of yours");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    var open = eve.get(page(asked)).text();
    assertThat(open)
        .contains("<b>Approved.</b> <a href=\"#connect\">Connect now</a>")
        .containsPattern("class=\"secondary\" href=\"" + page(asked) + "/live\"");
    assertThat(open.indexOf("lockbox psql")).isLessThan(open.indexOf(page(asked) + "/live"));
  }

  @Test
  void anEngineerWithManyRequestsReadsWhenTheApproversAreTold() {
    var tenant = new TestTenant(PORTAL.server, "umbrella", 1);
    var eve = PORTAL.browser().as("eve@vendor.example");
    var first = tenant.ask("helpdesk");
    assertThat(eve.get(page(first)).text())
        .contains("The customer’s approvers were told.")
        .doesNotContain("are told of them together");
    var fourth = tenant.ask("helpdesk");
    PORTAL.server.execute(
        """
        insert into grouped_request (tenant_id, request_id, engineer_id, due_at)
        select tenant_id, id, engineer_id, created_at + interval '10 minutes'
          from access_request where id = '%s'
        """
            .formatted(PortalFixture.id(fourth)));
    var due = PORTAL.server.clock.get().plus(Duration.ofMinutes(10)).atZone(BERLIN);
    assertThat(eve.get(page(fourth)).text())
        .contains("are told of them together, at " + TIME.format(due))
        .doesNotContain("approvers were told", "approvers get a mail");
    assertThat(eve.get(page(fourth)).text().split("are told of them together"))
        .as("once a page")
        .hasSize(2);
  }

  @Test
  void anEngineerReadsOfTheirOwnDirectoryAndACustomerOfTheProviders() {
    var asked = ACME.ask("helpdesk");
    assertThat(PORTAL.browser().as("eve@vendor.example").get(page(asked)).text())
        .contains("According to the provider’s directory")
        .doesNotContain("your provider’s directory");
    assertThat(ANN.get(page(asked)).text()).contains("According to your provider’s directory");
  }

  @Test
  void peopleAreCountedNotTheirRequestsAndOnlyWhoMayStopReadsSo() {
    var tenant = new TestTenant(PORTAL.server, "tyrell", 1);
    PORTAL.person(Optional.of(tenant.id), "tyrell-ann", "ann@tyrell.example", Role.APPROVER);
    PORTAL.person(Optional.of(tenant.id), "tyrell-aud", "aud@tyrell.example", Role.AUDITOR);
    var approver = PORTAL.browser().as("ann@tyrell.example");
    assertThat(tenant.approve(tenant.ask("helpdesk")).status()).isEqualTo(200);
    assertThat(approver.get("/inbox").text())
        .contains("<b>1 person has access now</b><small>See who, and stop it</small>");
    assertThat(tenant.approve(tenant.ask("helpdesk")).status()).isEqualTo(200);
    assertThat(approver.get("/inbox").text())
        .contains("<b>1 person has access now</b><small>By 2 requests. ");
    assertThat(PORTAL.browser().as("aud@tyrell.example").get("/inbox").text())
        .contains("<small>By 2 requests. See who</small>")
        .doesNotContain("stop it");
  }

  @Test
  void peopleAreNamedWhereTheyAreChosenAndWhereSomebodySigns() {
    PORTAL.server.execute("update person set name = 'Bob Bright' where subject = 'acme-bob'");
    assertThat(ANN.get("/away").text()).contains(">Bob Bright (acme-bob)</option>");
    var away =
        Map.of("standIn", "acme-bob", "from", "2026-12-01T08:00", "until", "2026-12-02T08:00");
    var proposal = ANN.post("/away", away).header("Location");
    var handover = Map.of("handover", ANN.get(proposal).field("handover"));
    assertThat(ANN.approve("/sign/proposal", handover, TestBrowser.PORTAL).text())
        .contains("Bob Bright (acme-bob) stands in for acme-ann");
  }

  @Test
  void anApproverWithoutAKeyReadsFirstThatTheyCannotSign() {
    PORTAL.person(Optional.of(ACME.id), "acme-cal", "cal@acme.example", Role.APPROVER);
    var cal = PORTAL.browser().as("cal@acme.example");
    assertThat(cal.get("/inbox").text())
        .contains("You cannot sign yet: no key of yours counts.", "<a href=\"/keys\">Go to Keys");
    assertThat(cal.get("/keys").text())
        .contains("<h2>Make a passkey</h2>")
        .doesNotContain("Make another passkey");
    assertThat(ANN.get("/inbox").text()).doesNotContain("You cannot sign yet");
    assertThat(ANN.get("/keys").text()).contains("Make another passkey");
    assertThat(PORTAL.browser().as("aud@acme.example").get("/inbox").text())
        .doesNotContain("You cannot sign yet");
  }
}
