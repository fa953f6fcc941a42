package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;

/// A page that is left open shows what happens, and disturbs nobody who is typing. What was typed
/// is not lost by a slip.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class RenewalTest {
  @Test
  void theFirstPageShowsANewRequestByItselfInTitleAndNavigation(Demo demo, Chromium chromium) {
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      gus.signIn("gus@globex.example");
      Page page = gus.go("/inbox");
      assertThat(page.textContent(".fresh")).contains("This page updates itself.");
      page.evaluate("document.querySelector('a[href=\"/audit\"]').focus()");
      String id = demo.ask("globex", "masked", "--for PT30M");
      page.locator("main a[href='/requests/" + id + "']").waitFor();
      assertThat(page.title()).matches("\\(\\d+\\) Requests · Lockbox");
      assertThat(page.textContent(".fresh")).startsWith("Updated: ");
      page.locator("main:not([inert])").waitFor();
      assertThat(page.evaluate("document.activeElement.getAttribute('href')")).isEqualTo("/audit");
      assertThat(gus.complaints()).isEmpty();
    }
  }

  @Test
  void whoIsTypingIsToldAndLosesNothing(Demo demo, Chromium chromium) {
    String id = demo.ask("globex", "masked", "--for PT30M");
    try (var gus = Desktop.open(chromium, demo, Screen.PHONE)) {
      gus.enrol("globex", "globex-approver").signIn("gus@globex.example");
      Page page = gus.go("/requests/" + id);
      page.locator("#comments textarea").fill("Which customer is it");
      demo.terminal("engineer").types("lockbox request withdraw " + id).ends(0);
      page.locator("#fresh .banner").waitFor();
      assertThat(page.inputValue("#comments textarea")).isEqualTo("Which customer is it");
      gus.follow("Show it");
      assertThat(page.textContent(".state")).isEqualTo("Withdrawn");
      assertThat(gus.complaints()).isEmpty();
    }
  }

  @Test
  void whoLeavesAHalfWrittenPolicyIsAskedFirst(Demo demo, Chromium chromium) {
    try (var abe = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      abe.signIn("abe@acme.example");
      Page page = abe.go("/policy/edit");
      var asked = new ArrayList<String>();
      page.onDialog(
          dialog -> {
            asked.add(dialog.type());
            dialog.dismiss();
          });
      page.locator("input[name='escalation.after']").fill("2h");
      page.locator("header.side a[href='/audit']").click();
      Pause.until("the browser asks", Duration.ofSeconds(30), () -> asked.contains("beforeunload"));
      assertThat(page.inputValue("input[name='escalation.after']")).isEqualTo("2h");
      asked.clear();
      page.locator("input[name='escalation.after']").fill("");
      page.locator(".pair button[value='text']").click();
      page.locator("textarea.source").waitFor();
      assertThat(asked).as("whoever sends it is not asked").isEmpty();
      page.locator("header.side a[href='/audit']").click();
      Pause.until(
          "it is unsent still", Duration.ofSeconds(30), () -> asked.contains("beforeunload"));
      assertThat(abe.complaints()).isEmpty();
    }
  }
}
