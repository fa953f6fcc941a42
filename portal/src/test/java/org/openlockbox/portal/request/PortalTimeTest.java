package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;

/// What time alone ends in the portal.
final class PortalTimeTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void aCodeIsGoodForTenMinutesAndFiveTries() {
    var late = PORTAL.browser();
    var code = late.askForCode("rex@vendor.example");
    PORTAL.server.pass(Duration.ofMinutes(11));
    assertThat(late.post("/sign-in/code", Map.of("code", code)).status()).isEqualTo(422);
    var guesser = PORTAL.browser();
    var right = guesser.askForCode("rex@vendor.example");
    var wrong = right.equals("00000000") ? "11111111" : "00000000";
    for (int i = 0; i < 5; i++) {
      assertThat(guesser.post("/sign-in/code", Map.of("code", wrong)).status()).isEqualTo(422);
    }
    assertThat(guesser.post("/sign-in/code", Map.of("code", right)).status()).isEqualTo(422);
  }

  @Test
  void aVisitEndsWhenItIsIdleAndWhenItIsOld() {
    var idle = PORTAL.browser().as("ann@acme.example");
    PORTAL.server.pass(Duration.ofMinutes(61));
    assertThat(idle.get("/inbox").status()).isEqualTo(303);
    var busy = PORTAL.browser().as("ann@acme.example");
    for (int i = 0; i < 14; i++) {
      PORTAL.server.pass(Duration.ofMinutes(50));
      assertThat(busy.get("/inbox").status()).isEqualTo(200);
    }
    PORTAL.server.pass(Duration.ofMinutes(50));
    assertThat(busy.get("/inbox").status()).isEqualTo(303);
  }
}
