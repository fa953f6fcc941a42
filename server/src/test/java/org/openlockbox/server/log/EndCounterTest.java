package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndCounterTest {
  private static final Duration FOREVER = Duration.ofDays(1);

  private final EndCounter endings = new EndCounter(InstantSource.system());

  @Test
  void whoWaitsIsWokenByAnotherEnd() throws Exception {
    long seen = endings.count();
    var waiting =
        CompletableFuture.runAsync(
            () -> endings.awaitOtherThan(seen, FOREVER), Thread::startVirtualThread);
    endings.another();
    waiting.get(1, TimeUnit.MINUTES);
    assertThat(endings.count()).isEqualTo(seen + 1);
  }

  @Test
  void nobodyWaitsForWhatHasHappenedOrWasCountedByAnother() {
    long seen = endings.count();
    endings.another();
    endings.awaitOtherThan(seen, FOREVER);
    endings.awaitOtherThan(seen + 100, FOREVER);
    assertThat(endings.count()).isEqualTo(seen + 1);
  }

  @Test
  void nobodyWaitsForEver() {
    long seen = endings.count();
    endings.awaitOtherThan(seen, Duration.ofMillis(1));
    assertThat(endings.count()).isEqualTo(seen);
  }
}
