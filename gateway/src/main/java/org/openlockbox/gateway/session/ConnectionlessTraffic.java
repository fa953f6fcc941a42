package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// The traffic of a session without a connection: no bytes pass through it, and its calls do no
/// more in it than wait until they are recorded and may be answered. What a protocol does beyond
/// that, it adds; it holds this object's lock meanwhile.
///
/// | from | by | to |
/// |---|---|---|
/// | `OPENING` | [#begin] | `OPEN` |
/// | `OPENING`, `OPEN` | [#cut] | `OVER` |
public abstract class ConnectionlessTraffic implements CallTraffic {
  private static final long LOOK_MILLIS = 10;

  private enum CallPhase {
    OPENING,
    OPEN,
    OVER
  }

  private final SessionParts parts;
  private final LongSupplier nanoTime;
  private final OperationCount underWay = new OperationCount();
  private final Activity activity = new Activity(underWay);
  private CallPhase phase = CallPhase.OPENING;
  private @Nullable ClientNotice words;
  private int inside;
  private long lastAsked;

  protected ConnectionlessTraffic(SessionParts parts, LongSupplier nanoTime) {
    this.parts = parts;
    this.nanoTime = nanoTime;
    this.lastAsked = nanoTime.getAsLong();
  }

  @Override
  public final SessionParts parts() {
    return parts;
  }

  @Override
  public final synchronized boolean isOpen() {
    return phase == CallPhase.OPEN && !parts.gate().isShut();
  }

  @Override
  public final synchronized Optional<ClientNotice> words() {
    return Optional.ofNullable(words);
  }

  /// Whether calls may begin: it was opened and has not been cut.
  protected final synchronized boolean isBegun() {
    return phase == CallPhase.OPEN;
  }

  /// Whether it was cut.
  protected final synchronized boolean isOver() {
    return phase == CallPhase.OVER;
  }

  /// A call begins; false if the session is over. Whoever enters leaves.
  public final synchronized boolean enter() {
    if (!isBegun()) {
      return false;
    }
    activity.asked(nanoTime.getAsLong());
    inside++;
    underWay.begun();
    return true;
  }

  /// It was recorded and answered, or given up.
  public final synchronized void leave() {
    inside--;
    settled();
  }

  /// What a call asked for is under way from now on, until it is [#settled].
  protected final void outlasts() {
    underWay.begun();
  }

  /// Something that was under way is so no more.
  protected final synchronized void settled() {
    underWay.ended();
    lastAsked = nanoTime.getAsLong();
    if (!isUnderWay()) {
      activity.ended(lastAsked);
      activity.stir();
    }
    notifyAll();
  }

  /// Waits until this holds; false if the session is over before that, or so much time is.
  public final synchronized boolean await(BooleanSupplier condition, Duration within) {
    long since = nanoTime.getAsLong();
    while (!condition.getAsBoolean()) {
      if (isOver() || parts.gate().isShut() || nanoTime.getAsLong() - since > within.toNanos()) {
        return false;
      }
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  @Override
  public final synchronized void wake() {
    notifyAll();
  }

  @Override
  public final synchronized boolean isIdleFor(Duration time) {
    return isBegun() && !isUnderWay() && nanoTime.getAsLong() - lastAsked > time.toNanos();
  }

  @Override
  public final boolean isUnderWay() {
    return underWay.isUnderWay();
  }

  @Override
  public synchronized void begin(Meter meter) {
    if (phase == CallPhase.OPENING) {
      phase = CallPhase.OPEN;
    }
  }

  @Override
  public final Activity activity() {
    return activity;
  }

  @Override
  public synchronized void cancel() {
    notifyAll();
  }

  @Override
  public synchronized void cut() {
    phase = CallPhase.OVER;
    cancel();
  }

  @Override
  public final void leave(EndReason reason, Optional<ClientNotice> why, Runnable hungUp) {
    synchronized (this) {
      words = why.orElseGet(reason::words);
    }
    hungUp.run();
  }

  /// A call is inside for as long as something of it is to be recorded; that time is limited.
  @Override
  public void awaitQuiet() throws InterruptedException {
    synchronized (this) {
      while (inside > 0) {
        wait(LOOK_MILLIS);
      }
    }
  }

  @Override
  public final void hangUp() {}

  @Override
  public final void discard() {}

  @Override
  public final boolean isSettled(SocketStates states) {
    return !isUnderWay();
  }
}
