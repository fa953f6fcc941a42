package org.openlockbox.gateway.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.clock.ClockReading;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.recorder.PendingEntry;

/// The one place that decides whether bytes of a session may leave, and until when the client may
/// fetch them (docs/how-an-access-ends.md). Its lines ask it before each system call that sends and
/// after it.
///
/// Open only while the session has not ended, the lease is fresh, the fence and what is demanded of
/// witnesses hold, the granted time is not over, and the record that matters is durable; looked at
/// anew each time. Closed for a while means that everything is held; how long is the business of
/// [SessionClock].
///
/// Where approvers allowed a soft end, what answers an operation may pass for a while after the
/// granted time, and nothing else.
public final class Gate {
  /// How long after the granted time what was released before may be fetched.
  private static final Duration FETCH_AFTER_END = Duration.ofMillis(750);

  private final Supplier<LeaseTerm> lease;
  private final BooleanSupplier mayGoOn;
  private final Clocks clocks;
  private final Permit.Expiry end;
  private volatile boolean finishing;
  private volatile @Nullable LeaseTerm last;
  private volatile @Nullable LeaseTerm over;
  private volatile @Nullable LeaseTerm fetched;

  /// @param lease what the newest answer of the control plane allows
  /// @param mayGoOn what else must hold ([LiveSessions.SessionConditions])
  public Gate(
      Supplier<LeaseTerm> lease, BooleanSupplier mayGoOn, Clocks clocks, Permit.Expiry end) {
    this.lease = lease;
    this.mayGoOn = mayGoOn;
    this.clocks = clocks;
    this.end = end;
  }

  /// A way through the gate, in one direction.
  public final class GatePassage implements Clearance {
    private final boolean answers;

    private GatePassage(boolean answers) {
      this.answers = answers;
    }

    /// Whether something may pass now.
    ///
    /// @param record must be durable; null if nothing was recorded yet
    public boolean isOpenFor(@Nullable PendingEntry record) {
      return (record == null || record.isDurable()) && isOpen();
    }

    /// Whether something may pass now whose record is durable.
    @Override
    public boolean isOpen() {
      return !isShut() && isOpenBefore(answers ? lastRelease() : end.at());
    }

    @Override
    public boolean isLate() {
      return isOver();
    }
  }

  /// For what the client wants of the service.
  public GatePassage in() {
    return new GatePassage(false);
  }

  /// For what the service answers.
  public GatePassage out() {
    return new GatePassage(true);
  }

  private Instant lastRelease() {
    return finishing ? end.latest() : end.at();
  }

  private boolean isOpenBefore(Instant until) {
    ClockReading now = clocks.read();
    LeaseTerm term = lease.get();
    return term.mayRelease(now)
        && !term.equals(over)
        && mayGoOn.getAsBoolean()
        && clocks.instant(now).isBefore(until)
        && !isShut();
  }

  /// Until when an answer is good that passes now: no longer than the lease, and than the granted
  /// time. Long past if nothing may pass.
  public Instant goodUntil() {
    LeaseTerm term = lease.get();
    ClockReading now = clocks.read();
    Instant present = clocks.instant(now);
    boolean passes =
        term.mayRelease(now)
            && !term.equals(over)
            && mayGoOn.getAsBoolean()
            && present.isBefore(end.at())
            && !isShut();
    Instant lapses = present.plus(term.left(now));
    Instant until = lapses.isBefore(end.at()) ? lapses : end.at();
    return passes ? until : Instant.EPOCH;
  }

  /// For what was released before the session ended and has not left: until the lease of that
  /// moment is over, whatever the client has fetched.
  public Clearance leftovers() {
    return new Leftovers();
  }

  private final class Leftovers implements Clearance {
    @Override
    public boolean isOpen() {
      return isShut() && !isOver();
    }

    @Override
    public boolean isLate() {
      return isOver();
    }
  }

  /// For the words that say why the session ended, once everything else has left. Later they go
  /// only to a client that has fetched everything.
  public Clearance lastWords() {
    return new LastWords();
  }

  private final class LastWords implements Clearance {
    @Override
    public boolean isOpen() {
      return isShut() && !mustDiscard();
    }

    @Override
    public boolean isLate() {
      return mustDiscard();
    }
  }

  /// Whether nothing that was released may be fetched any more.
  public boolean isOver() {
    return isOver(clocks.read(), term());
  }

  /// A term that was seen to be over stays so, whatever a clock says that is set back.
  private boolean isOver(ClockReading now, LeaseTerm term) {
    return term.equals(over)
        || !term.mayFetch(now)
        || !clocks.instant(now).isBefore(lastRelease().plus(FETCH_AFTER_END));
  }

  /// What the newest release was allowed by. The lease is read before the end of the session: an
  /// end that a new lease carried is known before that lease is.
  private LeaseTerm term() {
    LeaseTerm newest = lease.get();
    LeaseTerm ended = last;
    return ended == null ? newest : ended;
  }

  /// Whether what the kernel may still hold for the client has to go.
  public boolean mustDiscard() {
    return overdue(clocks.read()).isPresent();
  }

  /// The term that is over, if the client may not have fetched all that was released by it.
  public Optional<LeaseTerm> overdue(ClockReading now) {
    LeaseTerm term = term();
    return isOver(now, term) && !term.equals(fetched) ? Optional.of(term) : Optional.empty();
  }

  /// The term was seen to be over. Said before it is looked what the client has: what leaves after
  /// that look is late, whatever a clock says that is set back.
  public void over(LeaseTerm term) {
    over = term;
  }

  /// The client has fetched all that was released by this term, which was over before that was
  /// seen.
  public void fetched(LeaseTerm term) {
    fetched = term;
  }

  /// An operation runs at the end of the granted time, and may come to its own.
  public void finish() {
    finishing = true;
  }

  /// Nothing passes any more. What was released was released by the lease of this moment.
  public synchronized void shut() {
    if (last == null) {
      last = lease.get();
    }
  }

  public boolean isShut() {
    return last != null;
  }
}
