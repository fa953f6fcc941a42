package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// Whoever has nothing but README.md makes a passkey in the demo and decides with it. No other test
/// gives Ann a passkey: with one in the keyring the page would ask for that instead of a key file.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class PasskeyTest {
  @Test
  void aReaderOfTheReadmeMakesAPasskeyAndDecidesWithIt(Demo demo, Chromium chromium) {
    String id = demo.ask("acme", "masked", "--for PT30M");
    try (var ann = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(ann)) {
      ann.signIn("ann@acme.example");
      var page = ann.go("/keys");
      page.getByLabel("What to call it").fill("My phone");
      ann.press("Make a passkey…").press("Make the passkey");
      page.waitForURL("**/keys");
      look.at("keys-waiting");
      ann.follow("Propose to add it…").press("Propose to add this key");
      page.waitForURL("**/proposals/*");
      String proposal = page.url();
      ann.press("Review and sign…").press("Sign with passkey");
      page.waitForURL(proposal);
      look.at("proposal");
      demo.terminal("acme-approver").types(shown(page.textContent("pre code"))).ends(0);
      page.navigate(proposal);
      assertThat(page.textContent("main")).contains("stands in your log");
      ann.go("/requests/" + id);
      ann.press("Approve…").press("Sign with passkey");
      page.waitForURL("**/requests/" + id);
      assertThat(page.textContent(".state")).isEqualTo("Active");
      assertThat(ann.complaints()).isEmpty();
    }
  }

  /// The command of the page, as it is, at the terminal of its profile, which names the key.
  private static String shown(String command) {
    String profile = "LOCKBOX_PROFILE=acme-approver ./";
    assertThat(command).startsWith(profile + "lockbox key sign P-").doesNotContain(" FILE");
    return command.strip().substring(profile.length());
  }
}
