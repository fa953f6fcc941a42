package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// An approver who was asked too often denies several requests on one page, and signs each of them.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class SeveralTest {
  private static void choose(Page page, String id) {
    page.locator(".chooser li")
        .filter(new Locator.FilterOptions().setHasText(id))
        .locator("input")
        .check();
  }

  private static String state(Desktop who, String id) {
    return who.go("/requests/" + id).textContent(".state");
  }

  @Test
  void oneReasonAndOneSignatureForEach(Demo demo, Chromium chromium) {
    var asked =
        List.of(
            demo.ask("initech", "read", "--for PT4H"),
            demo.ask("initech", "write", "--for PT1H"),
            demo.ask("initech", "masked", "--for PT15M"));
    try (var ian = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(ian)) {
      ian.enrol("initech", "initech-approver").signIn("ian@initech.example");
      ian.follow("Deny several…");
      Page page = ian.page();
      page.waitForURL("**/deny");
      choose(page, asked.get(0));
      choose(page, asked.get(1));
      page.getByLabel("It is too much").check();
      look.at("deny");
      ian.press("Review and sign…");
      assertThat(page.url()).startsWith("http://approve.localhost:").contains("/sign");
      assertThat(page.textContent("main")).contains("Deny 2 requests", "asked 2 times");
      look.at("sign-several");
      ian.verifiesItsUser(false);
      ian.press("Sign with passkey");
      page.getByText("The passkey did not answer").waitFor();
      ian.verifiesItsUser(true);
      ian.press("Sign with passkey");
      page.waitForURL("**/deny");
      assertThat(page.textContent(".banner")).contains("2 requests denied", asked.get(0));
      look.at("denied-several");
      assertThat(ian.complaints()).isEmpty();
      assertThat(state(ian, asked.get(0))).isEqualTo("Denied");
      assertThat(state(ian, asked.get(1))).isEqualTo("Denied");
      assertThat(state(ian, asked.get(2))).isEqualTo("Waiting");
    }
  }
}
