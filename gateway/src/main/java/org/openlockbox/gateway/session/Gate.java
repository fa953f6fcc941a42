package org.openlockbox.gateway.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.recorder.PendingEntry;

/// Stands before each write to a socket of one session. Open only while the session has not ended,
/// the lease is fresh, the fence and what is demanded of witnesses hold, the granted time is not
/// over, and the record that matters is durable; looked at anew before each write. Closed for a
/// while means that everything is held; how long is the business of [SessionClock].
///
/// Where approvers allowed a soft end, what answers a statement may pass for a while after the
/// granted time, and nothing else.
final class Gate {
  private final BooleanSupplier mayGoOn;
  private final InstantSource clock;
  private final Permit.End end;
  private volatile boolean finishing;
  private volatile boolean shut;

  /// @param mayGoOn what else must hold ([Sessions.Conditions])
  Gate(BooleanSupplier mayGoOn, InstantSource clock, Permit.End end) {
    this.mayGoOn = mayGoOn;
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
        && mayGoOn.getAsBoolean()
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
