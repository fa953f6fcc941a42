package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// What a real browser does with a push message of ours, whatever the message says. A browser of
/// this machine reaches no push service; the way there is PortalPushTest's.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class PushTest {
  private static final String SHOWN =
      """
      async () => {
        const registration = await navigator.serviceWorker.ready;
        const shown = await registration.getNotifications();
        return shown.map(one => [one.title, one.body, one.data.path].join('|'));
      }
      """;

  private static void awaitShown(Page page, String... expected) {
    page.waitForCondition(() -> ((List<?>) page.evaluate(SHOWN)).size() >= expected.length);
    assertThat(page.evaluate(SHOWN))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactlyInAnyOrder((Object[]) expected);
  }

  @Test
  void aMessageShowsThatSomethingWaitsAndLeadsOnlyIntoThePortal(Demo demo, Chromium chromium) {
    try (var gus = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(gus)) {
      gus.allowsNotifications();
      gus.signIn("gus@globex.example");
      Page page = gus.go("/notifications");
      look.at("notifications-push");
      gus.press("Tell me in this browser");
      page.locator("#push-said:not([hidden])").waitFor();
      assertThat(page.textContent("#push-said")).contains("reaches no push service");
      gus.getsPush("{\"path\":\"/requests/R-ABC\"}");
      awaitShown(page, "Lockbox|Something waits for you.|/requests/R-ABC");
      gus.getsPush("{\"path\":\"https://evil.example/\",\"title\":\"Pay now\"}");
      gus.getsPush("no JSON at all");
      awaitShown(
          page,
          "Lockbox|Something waits for you.|/requests/R-ABC",
          "Lockbox|Something waits for you.|/");
      assertThat(page.evaluate("async () => (await caches.keys()).length")).isEqualTo(0);
    }
  }
}
