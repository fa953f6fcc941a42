package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// An approver with less than others: no mouse, no script, a poor line.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class BareHandsTest {
  private static final String GUS = "gus@globex.example";
  private static final String IAN = "ian@initech.example";
  private static final long POOR_LINE = 50 * 1024L;
  private static final long ANY_PAGE = 120 * 1024L;
  private static final int MANY_TABS = 80;
  private static final int FEW_FILES = 8;

  /// How much of the page moved by itself (Layout Instability; from 0.1 on it needs a mend).
  private static final String SHIFT =
      """
      () => new Promise(tell => {
        let shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(one => shift += one.value))
            .observe({type: 'layout-shift', buffered: true});
        setTimeout(() => tell(shift * 1000), 300);
      })
      """;

  /// Goes on to it with the tabulator, and sees that the focus can be seen.
  private static Locator tabTo(Page page, String selector) {
    for (int i = 0; i < MANY_TABS; i++) {
      page.keyboard().press("Tab");
      var focused = page.locator(":focus");
      if (focused.count() == 1
          && (boolean) focused.evaluate("(one, s) => one.matches(s)", selector)) {
        assertThat(focused.evaluate("one => getComputedStyle(one).outlineStyle"))
            .isEqualTo("solid");
        return focused;
      }
    }
    throw new AssertionError("the tabulator never comes to " + selector);
  }

  @Test
  void theKeyboardAloneIsEnoughToSignInAndToDecide(Demo demo, Chromium chromium) {
    String id = demo.ask("globex", "masked", "--for PT30M");
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      gus.enrol("globex", "globex-approver");
      var page = gus.go("/sign-in");
      tabTo(page, "#address");
      page.keyboard().type(GUS);
      var code = gus.code(GUS, () -> page.keyboard().press("Enter"));
      page.locator("#code:focus").waitFor();
      page.keyboard().type(code);
      page.keyboard().press("Enter");
      page.waitForURL("**/inbox");
      tabTo(page, "a[href='/requests/" + id + "']");
      page.keyboard().press("Enter");
      page.waitForURL("**/requests/" + id);
      tabTo(page, "button[value=approve]");
      page.keyboard().press("Enter");
      page.locator("#with-passkey").waitFor();
      tabTo(page, "#with-passkey");
      page.keyboard().press("Enter");
      page.waitForURL("**/requests/" + id);
      assertThat(page.textContent(".state")).isEqualTo("Active");
    }
  }

  @Test
  void thePageOfADecisionIsSmallAlsoOnTheFirstVisit(Demo demo, Chromium chromium) {
    String id = demo.ask("initech", "read", "--for PT4H --rows 5000");
    try (var ian = Desktop.open(chromium, demo, Screen.PHONE)) {
      ian.enrol("initech", "initech-approver").signIn(IAN);
      assertThat(ian.bytesOf("/requests/" + id)).isBetween(5_000L, POOR_LINE);
    }
  }

  @Test
  void everyOtherPageIsSmallEnoughForAPhoneAndStaysWhereItIs(Demo demo, Chromium chromium) {
    String id = demo.askAndApprove("initech", "masked", "--for PT30M");
    var request = "/requests/" + id;
    areSmall(
        demo,
        chromium,
        IAN,
        "/inbox",
        "/reach",
        "/audit",
        "/figures",
        "/policy",
        "/policy/edit",
        "/tickets",
        "/people",
        "/keys",
        "/practice",
        "/access",
        "/notifications",
        "/settings",
        "/deny",
        request + "/live",
        request + "/record",
        request + "/proof");
    areSmall(demo, chromium, "erin@helpdesk.example", "/mine", "/ask", request);
    areSmall(
        demo,
        chromium,
        "olga@helpdesk.example",
        "/operation",
        "/operation/access",
        "/operation/tenants",
        "/operation/tenants/acme");
  }

  private static void areSmall(Demo demo, Chromium chromium, String who, String... paths) {
    try (var desktop = Desktop.open(chromium, demo, Screen.PHONE)) {
      desktop.signIn(who);
      for (var path : paths) {
        assertThat(desktop.bytesOf(path)).as(path).isBetween(5_000L, ANY_PAGE);
        assertThat(desktop.page().evaluate("performance.getEntriesByType('resource').length"))
            .asInstanceOf(InstanceOfAssertFactories.INTEGER)
            .as("files of " + path)
            .isBetween(1, FEW_FILES);
        assertThat(((Number) desktop.page().evaluate(SHIFT)).doubleValue())
            .as("what moves on " + path)
            .isLessThan(100);
      }
    }
  }

  @Test
  void withoutScriptEverythingWorksButTheSignature(Demo demo, Chromium chromium) {
    String id = demo.ask("initech", "read", "--for PT4H");
    try (var ian = Desktop.withoutScript(chromium, demo, Screen.PHONE)) {
      ian.enrol("initech", "initech-approver").signIn(IAN);
      var page = ian.page();
      page.locator("a[href='/requests/" + id + "']").first().click();
      page.locator("a[href='#less']").click();
      page.locator("#less").getByLabel("Masked").check();
      ian.press("Review and sign…");
      assertThat(page.textContent(".less")).contains("Masked, instead of Read");
      assertThat(page.textContent("noscript .summary")).contains("needs JavaScript");
      page.getByText("Back, sign nothing").click();
      page.waitForURL("**/requests/" + id);
      demo.terminal("initech-approver")
          .types("lockbox approve " + id + " --key initech-approver.key")
          .ends(0);
      ian.go("/requests/" + id);
      ian.press("Stop this access");
      assertThat(page.textContent(".state")).isEqualTo("Revoked");
      ian.go("/inbox#go").locator("#go input").fill(id);
      ian.press("Go");
      page.waitForURL("**/requests/" + id);
    }
  }
}
