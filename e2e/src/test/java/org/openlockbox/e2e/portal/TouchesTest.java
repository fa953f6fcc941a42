package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// How many touches a decision takes on a phone, each of which is in sight and large enough.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class TouchesTest {
  private static final double FINGER = 44;
  private static final double FOOT = 844;

  private static void touch(Locator target) {
    var box = target.boundingBox();
    assertThat(box.height).as("room for a finger").isGreaterThanOrEqualTo(FINGER - 4);
    assertThat(box.y + box.height).as("in sight without scrolling").isLessThanOrEqualTo(FOOT);
    target.click();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true))
        .first();
  }

  @Test
  void aMaskedRequestIsDecidedInThreeTouches(Demo demo, Chromium chromium) {
    String id = demo.ask("initech", "masked", "--for PT15M");
    try (var ian = Desktop.open(chromium, demo, Screen.PHONE)) {
      ian.enrol("initech", "initech-approver").signIn("ian@initech.example");
      Page page = ian.page();
      var row = page.locator("main a[href='/requests/" + id + "']").first();
      row.scrollIntoViewIfNeeded();
      touch(row);
      touch(button(page, "Approve…"));
      var sign = page.locator("#with-passkey");
      sign.scrollIntoViewIfNeeded();
      touch(sign);
      page.waitForURL("**/requests/" + id);
      assertThat(page.textContent(".state")).isEqualTo("Active");
      assertThat(page.textContent("main")).contains("Approved.");
      assertThat(ian.complaints()).isEmpty();
    }
  }
}
