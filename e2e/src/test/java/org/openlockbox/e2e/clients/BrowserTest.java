package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// The helpdesk's console in a browser, through the gateway, by the link of `lockbox open`.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class BrowserTest {
  @Test
  void theConsoleIsUsedInABrowserUntilTheCustomerRevokes(Demo demo, Chromium chromium) {
    String id = demo.askServiceAndApprove("write");
    Terminal engineer = demo.terminal("engineer");
    String link = engineer.types("lockbox open " + id).ok().strip();
    String token = URI.create(link).getFragment();
    try (BrowserContext browser = chromium.stranger()) {
      List<String> sent = new CopyOnWriteArrayList<>();
      Page page = browser.newPage();
      page.onRequest(request -> sent.add(shown(request)));
      page.navigate(link);
      page.waitForURL("**/console/acme");
      page.locator("#rows tr").first().click();
      page.locator("#ticket").waitFor();
      assertThat(page.textContent("#requester")).contains("@");
      page.selectOption("#change", "waiting");
      says(page, "#said", "Saved.");
      assertThat(sent).noneMatch(each -> each.contains(token));
      assertThat(browser.cookies())
          .singleElement()
          .matches(each -> each.name.equals("__Host-lockbox") && each.httpOnly && each.secure);
      usedByNobodyElse(chromium, link);
      demo.terminal("acme-approver")
          .types("lockbox revoke " + id + " --key acme-approver.key")
          .ends(0);
      says(page, "#live", "The connection has ended");
      page.reload();
      assertThat(page.textContent("body")).startsWith("OpenLockbox: ");
      assertThat(browser.cookies()).isEmpty();
    }
  }

  /// Waits for these words. A page of this service evaluates no text as a script, so no function of
  /// ours can look for them in it.
  static void says(Page page, String element, String words) {
    page.locator(element, new Page.LocatorOptions().setHasText(words))
        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
  }

  /// What a request shows of itself beside its body.
  private static String shown(Request request) {
    return request.url() + " " + request.allHeaders();
  }

  private static void usedByNobodyElse(Chromium chromium, String link) {
    try (BrowserContext other = chromium.stranger()) {
      Page page = other.newPage();
      page.navigate(link);
      says(page, "#words", "good once");
      page.navigate(link.substring(0, link.indexOf("/_lockbox")) + "/console/acme");
      assertThat(page.textContent("body")).contains("no open session");
    }
  }

  /// What a customer wrote could be a script. It reaches neither other sites nor another session.
  @Test
  void aPageOfTheServiceReachesNothingButItsOwnSession(Demo demo, Chromium chromium) {
    Terminal engineer = demo.terminal("engineer");
    String one = engineer.types("lockbox open " + demo.askServiceAndApprove("read")).ok().strip();
    String two = engineer.types("lockbox open " + demo.askServiceAndApprove("read")).ok().strip();
    try (BrowserContext browser = chromium.stranger()) {
      for (String link : List.of(two, one)) {
        Page page = browser.newPage();
        page.navigate(link);
        page.waitForURL("**/console/acme");
      }
      Page page = browser.pages().getLast();
      String sibling = two.substring(0, two.indexOf("/_lockbox"));
      for (String address : List.of(sibling + "/v1/tenants/acme/tickets", "https://example.com/")) {
        String said =
            page.evaluate(
                    "address => fetch(address, {mode: 'no-cors', credentials: 'include'})"
                        + ".then(() => 'sent', error => 'blocked')",
                    address)
                .toString();
        assertThat(said).as(address).isEqualTo("blocked");
      }
      String own =
          page.evaluate(
                  "() => fetch('/v1/tenants/acme/tickets').then(answer => String(answer.status))")
              .toString();
      assertThat(own).isEqualTo("200");
    }
  }
}
