package org.openlockbox.gateway.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.recorder.PendingEntry;

/// Stands before each write to a socket of one session. Open only while the session has not ended,
/// the lease is fresh, the granted time is not over, and the record that matters is durable; looked
/// at anew before each write. Closed for a while means that everything is held; how long is the
/// business of `Sessions`.
final class Gate {
  private final BooleanSupplier leaseIsValid;
  private final InstantSource clock;
  private final Instant until;
  private volatile boolean shut;

  Gate(BooleanSupplier leaseIsValid, InstantSource clock, Instant until) {
    this.leaseIsValid = leaseIsValid;
    this.clock = clock;
    this.until = until;
  }

  /// Whether something may pass now.
  ///
  /// @param record must be durable; null if nothing was recorded yet
  boolean isOpenFor(@Nullable PendingEntry record) {
    return !shut
        && (record == null || record.isDurable())
        && leaseIsValid.getAsBoolean()
        && clock.instant().isBefore(until)
        && !shut;
  }

  /// Nothing passes any more.
  void shut() {
    shut = true;
  }

  boolean isShut() {
    return shut;
  }
}
