package org.openlockbox.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ConnectOffer;

/// A guess at a login leaves a trace, and a flood of guesses a few lines.
class WrongPasswordsTest {
  private final List<String> told = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final WrongPasswords wrong = new WrongPasswords(told::add, nanos::get);
  private final ConnectOffer offer =
      new ConnectOffer(
          new TenantId("acme"),
          new RequestId("R-7K3F92QX4M"),
          Envelope.unsigned("none", Json.object().build()));

  private void guess(String user, int times) {
    for (int i = 0; i < times; i++) {
      wrong.note(offer, user, InetAddress.getLoopbackAddress());
    }
  }

  @Test
  void theFirstIsToldWithLoginRequestTenantAndAddress() {
    guess("a_1", 1);
    assertThat(told).singleElement().asString().contains("a_1", " of R-", "acme", "127.0.0.1");
  }

  @Test
  void aFloodForOneLoginIsToldByPowersOfTen() {
    guess("a_1", 10_000);
    assertThat(told).hasSize(5);
    assertThat(told.getLast()).endsWith("its number is 10000");
  }

  @Test
  void ofMoreLoginsThanAreRememberedOneLineIsToldAndTheOthersGoOn() {
    for (int i = 0; i < WrongPasswords.MOST_LOGINS + 500; i++) {
      guess("a_" + i, 1);
    }
    assertThat(told).hasSize(WrongPasswords.MOST_LOGINS + 1);
    assertThat(told.getLast()).contains("more than 1000 logins");
    guess("a_0", 9);
    assertThat(told.getLast()).contains("a_0", "its number is 10");
  }

  @Test
  void afterAnHourItIsToldAnew() {
    guess("a_1", 5);
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    guess("a_1", 1);
    assertThat(told).hasSize(2);
  }
}
