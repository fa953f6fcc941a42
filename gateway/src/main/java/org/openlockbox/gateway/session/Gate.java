package org.openlockbox.gateway.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.recorder.PendingEntry;

/// Stands before each write to a socket of one session. Open only while the session has not ended,
/// the lease is fresh, the granted time is not over, and the record that matters is durable; looked
/// at anew before each write. Closed for a while means that everything is held; how long is the
/// business of `Sessions`.
///
/// Where approvers allowed a soft end, what answers a statement may pass for a while after the
/// granted time, and nothing else.
final class Gate {
  private final BooleanSupplier leaseIsValid;
  private final InstantSource clock;
  private final Permit.End end;
  private volatile boolean finishing;
  private volatile boolean shut;

  Gate(BooleanSupplier leaseIsValid, InstantSource clock, Permit.End end) {
    this.leaseIsValid = leaseIsValid;
    this.clock = clock;
    this.end = end;
  }

  /// A way through the gate, in one direction.
  @FunctionalInterface
  interface Way {
    /// Whether something may pass now.
    ///
    /// @param record must be durable; null if nothing was recorded yet
    boolean isOpenFor(@Nullable PendingEntry record);
  }

  /// For what the client wants of the database.
  Way in() {
    return record -> isOpenFor(record, end.at());
  }

  /// For what the database answers.
  Way out() {
    return record -> isOpenFor(record, finishing ? end.latest() : end.at());
  }

  private boolean isOpenFor(@Nullable PendingEntry record, Instant until) {
    return !shut
        && (record == null || record.isDurable())
        && leaseIsValid.getAsBoolean()
        && clock.instant().isBefore(until)
        && !shut;
  }

  /// A statement runs at the end of the granted time, and may come to its own.
  void finish() {
    finishing = true;
  }

  /// Nothing passes any more.
  void shut() {
    shut = true;
  }

  boolean isShut() {
    return shut;
  }
}
