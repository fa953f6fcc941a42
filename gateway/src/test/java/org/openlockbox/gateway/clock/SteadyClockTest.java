package org.openlockbox.gateway.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.testing.SettableClock;

class SteadyClockTest {
  private final Instant start = SettableClock.START;
  private final SettableClock wall = new SettableClock(start);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may wrap around
  private final SteadyClock clock = new SteadyClock(wall, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void itFollowsTheWallClockForward() {
    wall.set(start.plusSeconds(10));
    pass(Duration.ofSeconds(10));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(10));
    wall.set(start.plusSeconds(3600)); // the machine slept
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(3600));
  }

  @Test
  void aWallClockThatIsSetBackDoesNotSetItBack() {
    wall.set(start.minusSeconds(3600));
    assertThat(clock.instant()).isEqualTo(start);
    pass(Duration.ofSeconds(30));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(30));
    wall.set(start.plusSeconds(20));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(30));
    wall.set(start.plusSeconds(31));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(31));
  }

  @Test
  void aWallClockThatStandsStillDoesNotStopIt() {
    pass(Duration.ofMinutes(5));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(300));
  }
}
