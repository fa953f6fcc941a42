package org.openlockbox.gateway.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.recorder.PendingEntry;

/// Stands before each write to a socket of one session. Open only while the session has not ended,
/// the lease is fresh, the granted time is not over, and the record that matters is durable; looked
/// at anew before each write. Closed for a while means that everything waits; how long it may wait
/// is the business of `Sessions`.
final class Gate {
  /// Nobody depends on being woken: whoever waits looks again after this time at the latest.
  private static final long LOOK_AGAIN_NANOS = 20_000_000L;

  private final BooleanSupplier leaseIsValid;
  private final InstantSource clock;
  private final Instant until;
  private volatile boolean shut;
  private volatile @Nullable Thread first;
  private volatile @Nullable Thread second;

  Gate(BooleanSupplier leaseIsValid, InstantSource clock, Instant until) {
    this.leaseIsValid = leaseIsValid;
    this.clock = clock;
    this.until = until;
  }

  /// The two threads that may wait here.
  void usedBy(Thread one, Thread other) {
    first = one;
    second = other;
  }

  /// Waits until something may pass; false once the session has ended.
  ///
  /// @param record must be durable; null if nothing was recorded yet
  boolean await(@Nullable PendingEntry record) {
    while (!shut) {
      boolean recorded = record == null || record.isDurable();
      if (recorded && leaseIsValid.getAsBoolean() && clock.instant().isBefore(until)) {
        return !shut;
      }
      LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
    }
    return false;
  }

  void wake() {
    Thread one = first;
    Thread other = second;
    if (one != null) {
      LockSupport.unpark(one);
    }
    if (other != null) {
      LockSupport.unpark(other);
    }
  }

  /// Nothing passes any more.
  void shut() {
    shut = true;
    wake();
  }

  boolean isShut() {
    return shut;
  }
}
