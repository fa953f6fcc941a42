package org.openlockbox.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.identity.ClientNetwork;

/// How often codes are sent, and that nobody is locked out by others who ask.
final class ThrottledCodesTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page ask(String address, String from) {
    var browser = PORTAL.browser();
    return ask(browser, address, from);
  }

  private static Page ask(TestBrowser browser, String address, String from) {
    var token = browser.get("/sign-in").field("token");
    return browser.send(
        "/sign-in",
        Map.of("address", address, "token", token),
        Map.of("Origin", TestBrowser.PORTAL, "X-Forwarded-For", from));
  }

  @Test
  void thePageSaysWhenItIsTooManyWhoeverLivesThere() {
    for (var address : new String[] {"aud@acme.example", "nobody@acme.example"}) {
      for (int i = 0; i < 5; i++) {
        assertThat(ask(address, "192.0.2.1").status()).isEqualTo(200);
      }
      var page = ask(address, "192.0.2.1");
      assertThat(page.status()).isEqualTo(429);
      assertThat(page.text()).contains("Too many codes");
      assertThat(ask(address, "192.0.2.2").status()).as("elsewhere").isEqualTo(200);
    }
    PORTAL.server.pass(Duration.ofMinutes(15));
    assertThat(ask("aud@acme.example", "192.0.2.1").status()).isEqualTo(200);
  }

  @Test
  void strangersDoNotUseUpTheCodesOfWhoSignedInFromThereBefore() {
    var home = PORTAL.browser();
    assertThat(ask(home, "bob@acme.example", "198.51.100.7").status()).isEqualTo(200);
    var code = home.newestCode("bob@acme.example");
    assertThat(home.post("/sign-in/code", Map.of("code", code)).status()).isEqualTo(303);
    for (int i = 0; i < 25; i++) {
      ask("bob@acme.example", "203.0.113." + i);
    }
    assertThat(ask("bob@acme.example", "203.0.113.99").status()).isEqualTo(429);
    assertThat(ask("bob@acme.example", "198.51.100.7").status()).isEqualTo(200);
  }

  @Test
  void onlyAProxyOnThisHostSaysForWhomItAsks() {
    var forged = List.of("10.0.0.1, 10.0.0.2");
    assertThat(ClientNetwork.of("127.0.0.1", forged).value()).isEqualTo("10.0.0.2");
    assertThat(ClientNetwork.of("127.0.0.1", List.of("10.0.0.1", "10.0.0.2, 10.0.0.3")).value())
        .as("a proxy adds its line behind those that it was sent")
        .isEqualTo("10.0.0.3");
    assertThat(ClientNetwork.of("192.0.2.9", forged).value()).isEqualTo("192.0.2.9");
    assertThat(ClientNetwork.of("2001:db8:1:2:3:4:5:6", List.of()))
        .isEqualTo(ClientNetwork.of("2001:db8:1:2:ffff:4:5:6", List.of()));
  }
}
