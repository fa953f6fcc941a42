package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;

/// An engineer without a key file: makes a passkey, asks with it, and opens the helpdesk's console
/// from the page of the request.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class PasskeyConnectTest {
  private static final Pattern DIGEST = Pattern.compile("[?&]token=([0-9a-f]{64})");
  private static final Pattern SECRET =
      Pattern.compile("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])");

  @Test
  void anEngineerOpensAServiceByOneButton(Demo demo, Chromium chromium) {
    try (var erin = Desktop.trusting(chromium, demo, Screen.DESKTOP)) {
      erin.signIn("erin@helpdesk.example");
      String id = asked(erin);
      Page page = erin.page();
      assertThat(page.getByText("Open in this browser").count()).isZero();
      demo.terminal("acme-approver")
          .types("lockbox approve " + id + " --key acme-approver.key")
          .ends(0);
      erin.go("/requests/" + id);
      erin.picture("connect-open");
      List<Request> sent = new CopyOnWriteArrayList<>();
      page.onRequest(sent::add);
      erin.press("Open in this browser");
      page.getByText("You are about to sign").waitFor();
      assertThat(page.url()).startsWith("http://approve.localhost:").doesNotContain("#");
      assertThat(page.textContent(".sentence")).contains("Helpdesk API", "Acme");
      erin.picture("connect-sign");
      assertThat(erin.complaints()).isEmpty();
      erin.press("Sign with passkey");
      page.waitForURL("**/console/acme");
      page.locator("#rows tr").first().waitFor();
      noTokenIsSent(demo, sent);
      demo.terminal("acme-approver")
          .types("lockbox revoke " + id + " --key acme-approver.key")
          .ends(0);
      BrowserTest.says(page, "#live", "The connection has ended");
      erin.go("/requests/" + id);
      assertThat(page.getByText("Open in this browser").count()).isZero();
    }
  }

  /// To the server goes a digest, and nothing else of which that is the digest.
  private static void noTokenIsSent(Demo demo, List<Request> sent) {
    String server = ":" + demo.port("server") + "/";
    List<String> bodies =
        sent.stream()
            .filter(each -> each.url().contains(server) && each.postData() != null)
            .map(Request::postData)
            .toList();
    Matcher digest = DIGEST.matcher(String.join("&", bodies));
    assertThat(digest.find()).as("the digest is sent").isTrue();
    Matcher secrets = SECRET.matcher(String.join("&", bodies));
    while (secrets.find()) {
      Bytes sentSecret = Bytes.ofBase64Url(secrets.group());
      assertThat(sentSecret.sha256().hex()).isNotEqualTo(digest.group(1));
    }
    assertThat(sent)
        .filteredOn(each -> each.url().contains(server))
        .allSatisfy(each -> assertThat(each.allHeaders().toString()).doesNotContain("#"));
  }

  /// Makes a passkey, and sends a request that names it.
  private static String asked(Desktop erin) {
    Page page = erin.go("/ask/passkey");
    erin.press("Make a passkey…").press("Make the passkey");
    page.waitForURL("**/ask?passkey=*");
    assertThat(page.inputValue("#key")).startsWith("{").contains("\"scheme\":\"webauthn\"");
    page.getByLabel("Whose data").selectOption("acme");
    page.locator("[name=resource]").first().selectOption("helpdesk-api");
    page.getByLabel("Read: data as it is").check();
    page.getByLabel("For how long").selectOption("PT30M");
    page.getByLabel("In your words").fill("Ticket is stuck");
    page.getByLabel("Ticket", new Page.GetByLabelOptions().setExact(true)).fill("SUP-9");
    page.waitForFunction(
        "() => document.getElementById('tables').dataset.of === 'helpdesk-api'"); // previewed
    erin.press("Send the request");
    page.waitForURL("**/requests/R-*");
    return page.url().replaceFirst(".*/", "");
  }

  /// The page of somebody else's request has no such button, and its token opens nothing.
  @Test
  void anApproverIsOfferedNothingToOpen(Demo demo, Chromium chromium) {
    String id = demo.ask("initech", "read", "--for PT30M");
    try (var ian = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      ian.enrol("initech", "initech-approver").signIn("ian@initech.example");
      Page page = ian.go("/requests/" + id);
      assertThat(page.getByText("Open in this browser").count()).isZero();
      String handover = page.locator("[name=handover]").first().inputValue();
      page.evaluate(
          "token => { const form = document.createElement('form'); form.method = 'post';"
              + " form.action = document.querySelector('form[action*=\"/sign\"]').action.replace(/\\/sign.*/, '/sign/connect');"
              + " const field = document.createElement('input'); field.name = 'handover'; field.value = token;"
              + " form.append(field); document.body.append(form); form.submit(); }",
          handover);
      page.waitForURL("**/sign/connect");
      assertThat(page.locator("#make-token").count()).isZero();
    }
  }
}
