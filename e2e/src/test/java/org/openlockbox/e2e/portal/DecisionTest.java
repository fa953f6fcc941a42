package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// An engineer asks in the browser, an approver decides at their phone with a passkey, and the
/// gateway believes it; then the approver watches, stops it and looks it up.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class DecisionTest {
  private static void click(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  @Test
  void theWholeStoryFromTheQuestionToTheAudit(Demo demo, Chromium chromium) {
    String path = "/requests/" + asked(demo, chromium);
    String id = path.substring(path.lastIndexOf('/') + 1);
    try (var gus = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(gus)) {
      gus.enrol("globex", "globex-approver").signIn("gus@globex.example");
      Page page = gus.page();
      look.at("inbox");
      page.locator("a[href='" + path + "']").first().click();
      assertThat(page.textContent(".sentence"))
          .contains("Helpdesk database", "4 hours")
          .as("what the requester wrote stands in no sentence of ours")
          .doesNotContain("Erin Engineer", "SUP-4711");
      assertThat(page.textContent(".facts")).contains("Erin Engineer", "SUP-4711");
      look.at("decision", path);
      approveLess(gus, look);
      page.waitForURL("**" + path);
      assertThat(page.textContent(".state")).isEqualTo("Active");
      look.at("open", path).at("inbox-open", "/inbox").at("proof", path + "/proof");
      page = gus.go(path);
      gus.follow("Watch");
      connect(demo, id);
      page.locator("#live").getByText("select count(*) from customers").waitFor();
      look.at("live");
      gus.press("Stop this access");
      page.waitForURL("**" + path);
      look.at("stopped", path).at("record", path + "/record");
      look.at("audit", "/audit");
      assertThat(page.textContent("main tbody")).contains(id, "1 operation");
      assertThat(gus.complaints()).isEmpty();
    }
    demo.terminal("engineer").types("lockbox psql " + id + " -- -c 'select 1'").ends(7);
  }

  /// The engineer fills in the form; answers the id of the request.
  private static String asked(Demo demo, Chromium chromium) {
    demo.ask("initech", "masked", "--for PT30M");
    try (var erin = Desktop.open(chromium, demo, Screen.DESKTOP);
        var look = new Look(erin)) {
      erin.signIn("erin@helpdesk.example");
      Page page = erin.go("/ask");
      page.getByLabel("Whose data").selectOption("globex");
      page.getByLabel("Read: data as it is").check();
      page.getByLabel("For how long").selectOption("PT4H");
      page.getByLabel("In your words").fill("The customer cannot log in since this morning.");
      page.getByLabel("Ticket", new Page.GetByLabelOptions().setExact(true)).fill("SUP-4711");
      page.locator("#preview .sentence").waitFor();
      look.at("ask-preview");
      erin.press("Send the request");
      page.waitForURL("**/requests/R-*");
      assertThat(erin.complaints()).isEmpty();
      return page.url().replaceFirst(".*/", "");
    }
  }

  private static void approveLess(Desktop gus, Look look) {
    Page page = gus.page();
    gus.follow("Approve with limits…");
    var limits = page.locator("#less");
    limits.getByLabel("Masked").check();
    limits.getByLabel("30 minutes").check();
    look.at("decision-less");
    limits.getByText("Review and sign…").click();
    assertThat(page.url()).startsWith("http://approve.localhost:").contains("/sign");
    assertThat(page.textContent(".less")).contains("Masked, instead of Read");
    look.at("sign-less");
    gus.press("Sign with passkey");
  }

  private static void connect(Demo demo, String id) {
    demo.terminal("engineer")
        .types("lockbox psql " + id + " -- -At -c 'select count(*) from customers'")
        .ends(0);
  }

  @Test
  void aPasskeyThatDoesNotVerifyItsUserSignsNothing(Demo demo, Chromium chromium) {
    String id = demo.ask("initech", "masked", "--for PT30M");
    try (var ian = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      ian.enrol("initech", "initech-approver").signIn("ian@initech.example");
      Page page = ian.go("/requests/" + id);
      ian.picture("decision-desktop");
      click(page, "Approve…");
      page.locator("#with-passkey").waitFor();
      page.reload();
      assertThat(page.url()).as("loaded again").endsWith("/requests/" + id);
      click(page, "Approve…");
      ian.verifiesItsUser(false);
      click(page, "Sign with passkey");
      page.getByText("Nothing was signed").waitFor();
      ian.picture("sign-refused-desktop");
      ian.verifiesItsUser(true);
      click(page, "Sign with passkey");
      page.waitForURL("**/requests/" + id);
      assertThat(page.textContent(".state")).isEqualTo("Active");
      page.goBack();
      page.waitForURL("http://localhost:*/requests/" + id);
      assertThat(page.textContent(".state")).as("back after signing").isEqualTo("Active");
    }
  }
}
