package org.openlockbox.check.session;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The time that one call may take, whatever it asks. What is not decided by then is denied.
public final class CallTime {
  /// A caller that waits longer has given up.
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final long began;

  private CallTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  /// Of a call that begins now.
  public static CallTime from(LongSupplier nanoTime) {
    return new CallTime(nanoTime);
  }

  boolean isOver() {
    return nanoTime.getAsLong() - began > LONGEST.toNanos();
  }
}
