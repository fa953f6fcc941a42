package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WrongCancelKeysTest {
  private final List<String> told = new ArrayList<>();
  private long now;
  private final WrongCancelKeys keys = new WrongCancelKeys(told::add, () -> now);

  private static InetAddress at(String address) {
    return InetAddress.ofLiteral(address);
  }

  private void guess(String address, int times) {
    for (int i = 0; i < times; i++) {
      keys.note(at(address));
    }
  }

  @Test
  void whoGuessesIsNotHeardForAMinuteAndOthersAre() {
    guess("10.0.1.1", WrongCancelKeys.OF_ADDRESS - 1);
    assertThat(keys.mayTry(at("10.0.1.1"))).isTrue();
    guess("10.0.1.1", 1);
    assertThat(keys.mayTry(at("10.0.1.1"))).isFalse();
    assertThat(keys.mayTry(at("10.0.1.2"))).isTrue();
    assertThat(told).hasSize(1);
    now += Duration.ofSeconds(61).toNanos();
    assertThat(keys.mayTry(at("10.0.1.1"))).isTrue();
  }

  @Test
  void theAddressesOfANetworkGuessTogether() {
    for (int i = 0; i < WrongCancelKeys.OF_NETWORK; i++) {
      guess("10.0.1." + i, 1);
    }
    assertThat(keys.mayTry(at("10.0.1.200"))).isFalse();
    assertThat(keys.mayTry(at("10.0.2.1"))).isTrue();
  }

  @Test
  void soDoAllAddresses() {
    for (int i = 0; i < WrongCancelKeys.OF_ALL; i++) {
      guess("10.%d.%d.1".formatted(i / 250, i % 250), 1);
    }
    assertThat(keys.mayTry(at("192.0.2.1"))).isFalse();
    assertThat(told).hasSize(1);
  }
}
