package org.openlockbox.gateway.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits until something is true, and fails where it never becomes so.
public final class Await {
  private Await() {}

  public static void until(BooleanSupplier condition) {
    until(Duration.ofSeconds(10), condition);
  }

  public static void until(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("it never became true");
      }
      LockSupport.parkNanos(2_000_000L);
    }
  }
}
