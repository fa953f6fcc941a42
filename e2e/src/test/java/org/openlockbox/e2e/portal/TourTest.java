package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// Everybody of the demo opens the pages that no story comes by, on a phone and on a desktop, in
/// English and German, in light and dark ([Look]).
@Tag("slow")
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class TourTest {
  @Test
  void whoIsNotSignedIn(Demo demo, Chromium chromium) {
    try (var stranger = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(stranger)) {
      look.at("sign-in", "/sign-in").at("not-found", "/no-such-page");
      stranger.go("/sign-in").getByLabel("E-mail address").fill("nobody@acme.example");
      stranger.press("Go on");
      look.at("sign-in-code");
      stranger.page().locator("#code").fill("0000 0000");
      stranger.press("Sign in");
      look.at("sign-in-wrong");
      stranger.page().navigate("http://localhost:" + demo.port("mailPage") + "/design");
      look.at("design");
    }
  }

  @Test
  void theEngineer(Demo demo, Chromium chromium) {
    String open = demo.askAndApprove("initech", "masked", "--for PT30M");
    String waits = demo.ask("initech", "read", "--for PT2H");
    try (var erin = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(erin)) {
      erin.signIn("erin@helpdesk.example");
      look.at("mine", "/mine").at("mine-request", "/requests/" + waits);
      look.at("mine-open", "/requests/" + open).at("ask", "/ask");
      erin.page().locator("#tenant").selectOption("acme");
      erin.page().locator("#reason").fill(" ");
      erin.press("Send the request");
      erin.page().getByRole(AriaRole.ALERT).waitFor();
      look.at("ask-faults");
    }
  }

  @Test
  void anApprover(Demo demo, Chromium chromium) {
    String asked = demo.ask("acme", "read", "--for PT4H --rows 5000");
    try (var abe = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(abe)) {
      abe.enrol("acme", "acme-approver-2").signIn("abe@acme.example");
      look.at("settings", "/settings").at("notifications-own", "/notifications");
      look.at("reach", "/reach").at("print", "/audit/print").at("entry", "/audit/entries/0");
      look.at("figures", "/figures")
          .at("go", "/go?q=4711")
          .at("keys", "/keys")
          .at("practice", "/practice");
      look.at("access", "/access").at("policy", "/policy").at("policy-edit", "/policy/edit");
      look.at("away", "/away").at("founded", "/founding").at("contact", "/notifications/contact");
      abe.go("/keys").locator("a[href^='/keys/']").first().click();
      look.at("key");
      abe.turn(Screen.DESKTOP);
      abe.go("/requests/" + asked).locator(".phone-code summary").first().click();
      abe.page().locator(".phone-code img").waitFor();
      look.at("phone-code");
    }
  }

  @Test
  void theAdministratorTheReviewerAndTheOperator(Demo demo, Chromium chromium) throws SQLException {
    wentUnanswered(demo, demo.ask("initech", "metadata", "--for PT1H"));
    try (var amy = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(amy)) {
      amy.signIn("amy@acme.example");
      look.at("people", "/people").at("notifications", "/notifications");
      look.at("deliveries", "/notifications/deliveries");
      amy.go("/people").getByText("Change or remove").first().click();
      look.at("people-change");
    }
    try (var rob = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(rob)) {
      rob.signIn("rob@helpdesk.example");
      look.at("reviews", "/reviews");
    }
    try (var olga = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(olga)) {
      olga.signIn("olga@helpdesk.example");
      look.at("operation", "/operation").at("gateways", "/operation/gateways");
      look.at("tenants", "/operation/tenants");
      look.at("tenant", "/operation/tenants/acme");
      look.at("gateway", "/operation/gateways/gw-1");
    }
  }

  /// As if this request had been made so long ago that hardly any time is left to answer.
  private static void wentUnanswered(Demo demo, String id) throws SQLException {
    try (var control = demo.control();
        var update =
            control.prepareStatement(
                "update access_request set created_at = date_trunc('milliseconds', now())"
                    + " - interval '5 days' where id = ?")) {
      control.createStatement().execute("set session_replication_role = replica"); // no guard
      update.setString(1, id);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }
}
