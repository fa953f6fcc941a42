package org.openlockbox.check.session;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.gate.SendQueues;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.CallTraffic;
import org.openlockbox.gateway.session.RemovalFailure;
import org.openlockbox.gateway.session.SessionParts;

/// A session in which questions are answered. Nothing passes through it but answers, so there is
/// nothing to dial, to cut or to take away.
///
/// | from | by | to |
/// |---|---|---|
/// | `OPENING` | [#begin] | `OPEN` |
/// | `OPENING`, `OPEN` | [#cut] | `OVER` |
///
/// What the service does with an answer that it has, goes on. That is what *checked* means.
public final class CheckTraffic implements CallTraffic {
  private static final long LOOK_MILLIS = 10;

  private enum CheckPhase {
    OPENING,
    OPEN,
    OVER
  }

  private final SessionParts parts;
  private final LongSupplier nanoTime;
  private final Activity activity = new Activity(this);
  private CheckPhase phase = CheckPhase.OPENING;
  private @Nullable ClientNotice words;
  private int underWay;
  private long lastAsked;

  CheckTraffic(SessionParts parts, LongSupplier nanoTime) {
    this.parts = parts;
    this.nanoTime = nanoTime;
    this.lastAsked = nanoTime.getAsLong();
  }

  SessionParts parts() {
    return parts;
  }

  @Override
  public synchronized boolean isOpen() {
    return phase == CheckPhase.OPEN && !parts.gate().isShut();
  }

  /// Why it is over, if it is.
  @Override
  public synchronized Optional<ClientNotice> words() {
    return Optional.ofNullable(words);
  }

  /// A question begins to be answered; false if the session is over.
  synchronized boolean enter() {
    if (phase != CheckPhase.OPEN) {
      return false;
    }
    activity.asked(nanoTime.getAsLong());
    underWay++;
    return true;
  }

  /// It was answered, or given up.
  synchronized void leave() {
    underWay--;
    lastAsked = nanoTime.getAsLong();
    if (underWay == 0) {
      activity.ended(lastAsked);
      activity.stir();
    }
    notifyAll();
  }

  @Override
  public synchronized boolean isIdleFor(Duration time) {
    return phase == CheckPhase.OPEN
        && underWay == 0
        && nanoTime.getAsLong() - lastAsked > time.toNanos();
  }

  @Override
  public void endUnused() {
    parts.end().end(EndReason.CLIENT_LEFT, EndReason.CLIENT_LEFT.words());
  }

  /// Waits until this holds; false if the session is over before that, or so much time is.
  synchronized boolean await(BooleanSupplier condition, Duration within) {
    long since = nanoTime.getAsLong();
    while (!condition.getAsBoolean()) {
      if (phase == CheckPhase.OVER
          || parts.gate().isShut()
          || nanoTime.getAsLong() - since > within.toNanos()) {
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
  public synchronized void wake() {
    notifyAll();
  }

  @Override
  public void adopt() {}

  @Override
  public void dial() {}

  /// Nothing of what the service shows is counted here, so nothing is paid for.
  @Override
  public synchronized void begin(Meter meter) {
    if (phase == CheckPhase.OPENING) {
      phase = CheckPhase.OPEN;
    }
  }

  @Override
  public Activity activity() {
    return activity;
  }

  /// A caller hears nothing that it has not asked for.
  @Override
  public void tell(String message, String hint) {}

  @Override
  public synchronized void cancel() {
    notifyAll();
  }

  @Override
  public synchronized void cut() {
    phase = CheckPhase.OVER;
    notifyAll();
  }

  @Override
  public void leave(EndReason reason, Optional<ClientNotice> why, Runnable hungUp) {
    synchronized (this) {
      words = why.orElseGet(reason::words);
    }
    hungUp.run();
  }

  @Override
  public synchronized void awaitQuiet() throws InterruptedException {
    while (underWay > 0) {
      wait(LOOK_MILLIS);
    }
  }

  @Override
  public Optional<RemovalFailure> remove() {
    return Optional.empty();
  }

  @Override
  public void hangUp() {}

  @Override
  public void discard() {}

  @Override
  public void forgotten() {}

  @Override
  public synchronized boolean isUnderWay() {
    return underWay > 0;
  }

  @Override
  public boolean runsByItself() {
    return isUnderWay();
  }

  @Override
  public boolean awaitsClient() {
    return !isUnderWay();
  }

  @Override
  public synchronized boolean isSettled(SendQueues queues) {
    return underWay == 0;
  }
}
