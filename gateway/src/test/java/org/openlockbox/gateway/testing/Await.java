package org.openlockbox.gateway.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits until something is true, and fails where it never becomes so. A machine that is busy with
/// other things gets more time, but not for ever.
public final class Await {
  private static final int PATIENCE = 6;

  private Await() {}

  /// Lets at least this long pass. A thread that is parked once may come back early.
  public static void atLeast(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  public static void until(BooleanSupplier condition) {
    until(Duration.ofSeconds(10), condition);
  }

  public static void until(Duration atMost, BooleanSupplier condition) {
    var time = WorkingTime.start();
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long elapsed = System.nanoTime() - begun;
      if (elapsed > atMost.toNanos()
          && (time.soFar().compareTo(atMost) > 0 || elapsed > PATIENCE * atMost.toNanos())) {
        throw new AssertionError("it never became true");
      }
      LockSupport.parkNanos(2_000_000L);
    }
  }
}
