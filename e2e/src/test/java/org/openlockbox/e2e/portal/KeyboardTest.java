package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// An approver who has many requests never needs a mouse.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class KeyboardTest {
  private static final String FRAMES =
      """
      () => new Promise(done => {
        let left = 4;
        const next = () => left-- === 0 ? done() : requestAnimationFrame(next);
        next();
      })
      """;

  private static Object focused(Page page, String what) {
    return page.evaluate("document.activeElement." + what);
  }

  private static void type(Page page, String... keys) {
    for (var key : keys) {
      page.keyboard().press(key);
    }
  }

  @Test
  void aRequestIsFoundAndApprovedByKeyboardAlone(Demo demo, Chromium chromium) {
    demo.ask("globex", "masked", "--for PT20M");
    demo.ask("globex", "metadata", "--for PT20M");
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      gus.enrol("globex", "globex-approver").signIn("gus@globex.example");
      Page page = gus.go("/inbox");
      type(page, "j");
      var first = focused(page, "href");
      type(page, "j");
      assertThat(focused(page, "href")).isNotEqualTo(first);
      type(page, "k");
      assertThat(focused(page, "href")).isEqualTo(first);
      type(page, "Enter");
      page.waitForURL("**/requests/R-*");
      String request = page.url();
      type(page, "l");
      page.locator("#less").waitFor();
      for (int tab = 0; tab < 30; tab++) {
        type(page, "Tab");
        assertThat(page.evaluate("document.activeElement.closest('#less') !== null"))
            .as("nobody tabs out of a sheet")
            .isEqualTo(true);
      }
      type(page, "Escape", "a");
      page.locator("#with-passkey").waitFor();
      assertThat(page.url()).startsWith("http://approve.localhost:");
      for (int tab = 0; tab < 20 && !"with-passkey".equals(focused(page, "id")); tab++) {
        type(page, "Tab");
      }
      type(page, "Enter");
      page.waitForURL(request);
      assertThat(page.textContent(".state")).isEqualTo("Active");
      assertThat(gus.complaints()).isEmpty();
    }
  }

  @Test
  void insideAFieldEveryKeyIsALetterAndASheetSaysWhatKeysDo(Demo demo, Chromium chromium) {
    String id = demo.ask("globex", "masked", "--for PT20M");
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP);
        var look = new Look(gus)) {
      gus.enrol("globex", "globex-approver").signIn("gus@globex.example");
      Page page = gus.go("/requests/" + id);
      page.locator("#comments textarea").focus();
      page.keyboard().type("add jk/?");
      assertThat(page.inputValue("#comments textarea")).isEqualTo("add jk/?");
      assertThat(page.url()).endsWith("/requests/" + id);
      page.locator("#comments textarea").fill("");
      page.evaluate("document.activeElement.blur()");
      type(page, "?");
      page.locator("#shortcuts").getByText("Next row of a list").waitFor();
      look.at("shortcuts");
      type(page, "d");
      assertThat(page.url()).as("one sheet at a time").endsWith("#shortcuts");
      type(page, "Escape", "d");
      page.locator("#deny").waitFor();
      assertThat(page.url()).endsWith("#deny");
      type(page, "Escape", "/");
      page.waitForURL("**/audit");
      switchOff(gus);
      page = gus.go("/inbox");
      type(page, "?");
      assertThat(page.url()).endsWith("/inbox");
      assertThat(gus.complaints()).isEmpty();
    }
  }

  /// A browser moves the focus to the target of a fragment a frame later than it shows it.
  @Test
  void aSheetKeepsTheFocusThatItHas(Demo demo, Chromium chromium) {
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      gus.signIn("gus@globex.example");
      Page page = gus.go("/inbox");
      for (int i = 0; i < 20; i++) {
        type(page, "Control+k");
        page.evaluate(FRAMES);
        assertThat(focused(page, "name")).as("time " + i).isEqualTo("q");
        type(page, "ArrowDown");
        page.evaluate("document.getElementById('go').focus()");
        assertThat(focused(page, "closest('.places') !== null")).isEqualTo(true);
        type(page, "Escape");
      }
      type(page, "?");
      page.evaluate(FRAMES);
      assertThat(focused(page, "id")).isEqualTo("shortcuts-title");
      assertThat(gus.complaints()).isEmpty();
    }
  }

  @Test
  void ctrlKGoesToAPageAndToAnId(Demo demo, Chromium chromium) {
    String id = demo.ask("globex", "masked", "--for PT20M");
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP);
        var look = new Look(gus)) {
      gus.signIn("gus@globex.example");
      Page page = gus.go("/inbox");
      type(page, "Control+k");
      page.locator("#go").waitFor();
      look.at("palette");
      page.keyboard().type("audit");
      type(page, "Enter");
      page.waitForURL("**/audit");
      type(page, "Control+k", "ArrowDown", "ArrowDown");
      assertThat(focused(page, "closest('.places') !== null")).isEqualTo(true);
      type(page, "ArrowUp", "ArrowUp");
      page.keyboard().type(id.toLowerCase(Locale.ROOT));
      type(page, "Enter");
      page.waitForURL("**/requests/" + id);
      assertThat(gus.complaints()).isEmpty();
    }
  }

  private static void switchOff(Desktop gus) {
    Page page = gus.go("/settings");
    page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Off").setExact(true))
        .check(new Locator.CheckOptions().setForce(true));
    gus.press("Save");
  }
}
