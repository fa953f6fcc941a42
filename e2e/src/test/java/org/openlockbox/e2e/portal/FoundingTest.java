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

/// A new tenant on a phone: invited, with a passkey, founded, and practised.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class FoundingTest {
  private static final String BRUCE = "bruce@wayne.example";

  private static void click(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  @Test
  void aTenantBeginsOnAPhoneWithAnInvitationAndAPasskey(Demo demo, Chromium chromium) {
    demo.terminal("operator")
        .types("lockbox tenant create wayne --name 'Wayne Ltd' --admin " + BRUCE)
        .ends(0);
    try (var bruce = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(bruce)) {
      Page page = bruce.followInvitation(BRUCE);
      look.at("invitation");
      page.getByLabel("Your name").fill("Bruce of Wayne");
      click(page, "Accept the invitation");
      bruce.signIn(BRUCE);
      bruce.follow("not set up yet");
      makePasskey(bruce, look);
      page.locator("main").getByText("Draft the setup").waitFor();
      look.at("founding");
      click(page, "Draft the setup");
      click(page, "Review and sign…");
      look.at("founding-sign");
      click(page, "Sign with passkey");
      page.locator(".pin").waitFor();
      look.at("founded-new");
      String pin = page.textContent(".pin").strip();
      assertThat(demo.terminal("operator").types("lockbox tenant show wayne --pin").ok().strip())
          .isEqualTo(pin);
      practise(bruce, look);
      assertThat(bruce.complaints()).isEmpty();
    }
  }

  private static void makePasskey(Desktop bruce, Look look) {
    Page page = bruce.page();
    page.getByLabel("What to call it").fill("Bruce's phone");
    click(page, "Make a passkey…");
    look.at("enrol");
    bruce.verifiesItsUser(false);
    click(page, "Make the passkey");
    page.getByText("No passkey was made").waitFor();
    bruce.verifiesItsUser(true);
    click(page, "Make the passkey");
    page.waitForURL("**/founding");
    assertThat(page.textContent("main")).contains("Bruce's phone", "bound to one device");
  }

  private static void practise(Desktop bruce, Look look) {
    Page page = bruce.follow("Practice").page();
    click(page, "Approve…");
    click(page, "Sign with passkey");
    page.getByText("Nothing was opened").waitFor();
    look.at("practised");
  }
}
