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
    try (var bruce = Desktop.open(chromium, demo, Screen.PHONE)) {
      Page page = bruce.followInvitation(BRUCE);
      bruce.picture("invitation-phone");
      page.getByLabel("Your name").fill("Bruce of Wayne");
      click(page, "Accept the invitation");
      bruce.signIn(BRUCE);
      page = bruce.go("/keys");
      makePasskey(bruce, page);
      page.locator("main").getByText("Draft the founding").waitFor();
      bruce.picture("founding-phone");
      click(page, "Draft the founding");
      click(page, "Look at it and sign…");
      bruce.picture("founding-sign-phone");
      click(page, "Sign with passkey");
      page.getByText("Wayne Ltd is founded").first().waitFor();
      bruce.picture("founded-phone");
      String pin = page.textContent(".pin").strip();
      assertThat(demo.terminal("operator").types("lockbox tenant show wayne --pin").ok().strip())
          .isEqualTo(pin);
      practise(bruce);
      assertThat(bruce.complaints()).isEmpty();
    }
  }

  private static void makePasskey(Desktop bruce, Page page) {
    page.getByLabel("What to call it").fill("Bruce's phone");
    click(page, "Make a passkey…");
    bruce.picture("enrol-phone");
    bruce.verifiesItsUser(false);
    click(page, "Make the passkey");
    page.getByText("No passkey was made").waitFor();
    bruce.verifiesItsUser(true);
    click(page, "Make the passkey");
    page.waitForURL("**/founding");
    assertThat(page.textContent("main")).contains("Bruce's phone", "bound to one device");
  }

  private static void practise(Desktop bruce) {
    Page page = bruce.go("/practice");
    bruce.picture("practice-phone");
    click(page, "Approve…");
    click(page, "Sign with passkey");
    page.getByText("Nothing was opened").waitFor();
    bruce.picture("practised-phone");
  }
}
