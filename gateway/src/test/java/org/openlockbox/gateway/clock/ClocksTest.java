package org.openlockbox.gateway.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ClocksTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void linuxShowsAClockThatGoesOnWhileTheMachineSleeps() {
    long boot = BootClock.find().orElseThrow().getAsLong();
    long monotonic = System.nanoTime();
    assertThat(boot).isGreaterThan(0);
    LockSupport.parkNanos(20_000_000L);
    long passed = BootClock.find().orElseThrow().getAsLong() - boot;
    assertThat(passed).isBetween(15_000_000L, System.nanoTime() - monotonic + 5_000_000L);
  }

  @Test
  void theClocksOfAMachineThatIsAwakeAgree() {
    Clocks clocks = Clocks.ofMachine(InstantSource.system());
    ClockReading before = clocks.readAtOnce();
    LockSupport.parkNanos(200_000_000L);
    assertThat(clocks.readAtOnce().since(before))
        .isBetween(Duration.ofMillis(150).toNanos(), Duration.ofMinutes(1).toNanos());
  }
}
