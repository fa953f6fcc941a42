package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waiting for something that another process does.
public final class Pause {
  private static final Duration STEP = Duration.ofMillis(20);

  private Pause() {}

  /// Between two looks.
  public static void briefly() {
    LockSupport.parkNanos(STEP.toNanos());
  }

  /// Looks again and again until `fact` holds; fails after `patience`.
  public static void until(String what, Duration patience, Callable<Boolean> fact) {
    Instant deadline = Instant.now().plus(patience);
    while (!holds(fact)) {
      assertThat(Instant.now()).as("%s, within %s", what, patience).isBefore(deadline);
      briefly();
    }
  }

  private static boolean holds(Callable<Boolean> fact) {
    try {
      return fact.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
