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

/// An approver at their phone: signs in, decides with a passkey, and the gateway believes it.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class DecisionTest {
  private static void click(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  @Test
  void anApproverDecidesOnAPhoneAndTheEngineerGetsIn(Demo demo, Chromium chromium) {
    String id = demo.ask("globex", "masked", "--for PT30M");
    try (var gus = Desktop.open(chromium, demo, Screen.PHONE)) {
      gus.enrol("globex", "globex-approver").signIn("gus@globex.example");
      Page page = gus.page();
      assertThat(page.textContent("h1")).contains("Nobody can reach your data right now");
      gus.picture("inbox-phone");
      page.locator("a[href='/requests/" + id + "']").first().click();
      gus.picture("decision-phone");
      assertThat(page.textContent(".sentence"))
          .contains("Erin Engineer", "Helpdesk database", "30 minutes", "SUP-1");
      click(page, "Approve…");
      gus.picture("sign-phone");
      assertThat(page.url()).isEqualTo("http://approve.localhost:" + demo.port("server") + "/sign");
      click(page, "Sign with passkey");
      page.waitForURL("**/requests/" + id);
      assertThat(page.textContent(".state")).isEqualTo("Open");
      gus.picture("open-phone");
      assertThat(gus.complaints()).isEmpty();
    }
    demo.terminal("engineer")
        .types("lockbox psql " + id + " -- -At -c 'select count(*) > 0 from customers'")
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
      ian.verifiesItsUser(false);
      click(page, "Sign with passkey");
      page.getByText("Nothing was signed").waitFor();
      ian.picture("sign-refused-desktop");
      ian.verifiesItsUser(true);
      click(page, "Sign with passkey");
      page.waitForURL("**/requests/" + id);
      assertThat(page.textContent(".state")).isEqualTo("Open");
    }
  }
}
