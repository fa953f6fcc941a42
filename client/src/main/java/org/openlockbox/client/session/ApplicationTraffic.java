package org.openlockbox.client.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

/// The application's half of a session. There is nothing to dial: the data is the application's
/// own. What is under way are actions that were recorded and whose answer has not left in full.
///
/// | from | by | to |
/// |---|---|---|
/// | `OPENING` | [#begin] | `OPEN` |
/// | `OPENING`, `OPEN` | [#cut] | `OVER` |
///
/// When it is over, each action under way is stopped: nothing more of its answer is released, and
/// the application is told, so that it can stop the work and close the connection.
final class ApplicationTraffic implements CallTraffic {
  private static final long LOOK_MILLIS = 10;
  private static final ClientNotice JUST_ENDED =
      ClientNotice.of("this access has just ended", "`lockbox request show` tells why.");

  private enum ApplicationPhase {
    OPENING,
    OPEN,
    OVER
  }

  private final SessionParts parts;
  private final LongSupplier nanoTime;
  private final Activity activity = new Activity(this);
  private final Set<RecordedAction> underWay = new HashSet<>();
  private final List<Runnable> whenOver = new ArrayList<>();
  private ApplicationPhase phase = ApplicationPhase.OPENING;
  private @Nullable Meter meter;
  private @Nullable ClientNotice words;
  private int recording;
  private long lastAsked;

  ApplicationTraffic(SessionParts parts, LongSupplier nanoTime) {
    this.parts = parts;
    this.nanoTime = nanoTime;
    this.lastAsked = nanoTime.getAsLong();
  }

  SessionParts parts() {
    return parts;
  }

  /// What is released costs.
  synchronized Meter meter() {
    if (meter == null) {
      throw new IllegalStateException("the session is not open");
    }
    return meter;
  }

  @Override
  public synchronized boolean isOpen() {
    return phase == ApplicationPhase.OPEN && !parts.gate().isShut();
  }

  @Override
  public synchronized Optional<ClientNotice> words() {
    return Optional.ofNullable(words);
  }

  /// Why nothing passes any more.
  AccessRefusal over() {
    return AccessRefusal.ended(words().orElse(JUST_ENDED));
  }

  /// An action begins to be recorded; false if the session is over.
  synchronized boolean enter() {
    if (phase != ApplicationPhase.OPEN) {
      return false;
    }
    activity.asked(nanoTime.getAsLong());
    recording++;
    return true;
  }

  /// It was recorded, or refused.
  synchronized void leave() {
    recording--;
    settled();
  }

  /// It was recorded and is under way now; false if the session is over.
  synchronized boolean begin(RecordedAction action) {
    return phase == ApplicationPhase.OPEN && underWay.add(action);
  }

  /// Its answer has left, or never will.
  synchronized void finished(RecordedAction action) {
    underWay.remove(action);
    settled();
  }

  private void settled() {
    lastAsked = nanoTime.getAsLong();
    if (!isUnderWay()) {
      activity.ended(lastAsked);
      activity.stir();
    }
    notifyAll();
  }

  @Override
  public synchronized boolean isIdleFor(Duration time) {
    return phase == ApplicationPhase.OPEN
        && !isUnderWay()
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
      if (phase == ApplicationPhase.OVER
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

  /// Calls this when the session is over, once; at once if it is. Its thread is one of its own.
  void whenOver(Runnable told) {
    synchronized (this) {
      if (phase != ApplicationPhase.OVER) {
        whenOver.add(told);
        return;
      }
    }
    Thread.startVirtualThread(told);
  }

  @Override
  public synchronized void wake() {
    notifyAll();
  }

  @Override
  public void adopt() {}

  @Override
  public void dial() {}

  @Override
  public synchronized void begin(Meter own) {
    meter = own;
    if (phase == ApplicationPhase.OPENING) {
      phase = ApplicationPhase.OPEN;
    }
  }

  @Override
  public Activity activity() {
    return activity;
  }

  /// An engineer hears what the application says, and nothing else.
  @Override
  public void tell(String message, String hint) {}

  @Override
  public synchronized void cancel() {
    underWay.forEach(RecordedAction::stop);
    notifyAll();
  }

  @Override
  public synchronized void cut() {
    phase = ApplicationPhase.OVER;
    cancel();
    whenOver.forEach(Thread::startVirtualThread);
    whenOver.clear();
  }

  @Override
  public void leave(EndReason reason, Optional<ClientNotice> why, Runnable hungUp) {
    synchronized (this) {
      words = why.orElseGet(reason::words);
    }
    hungUp.run();
  }

  /// What is being recorded is waited for; its time is limited. What the application computes is
  /// not: its outcome says that it was cut off.
  @Override
  public void awaitQuiet() throws InterruptedException {
    List<RecordedAction> left;
    synchronized (this) {
      while (recording > 0) {
        wait(LOOK_MILLIS);
      }
      left = List.copyOf(underWay);
    }
    left.forEach(RecordedAction::cutOff);
  }

  @Override
  public Optional<RemovalFailure> remove() {
    return Optional.empty();
  }

  @Override
  public void hangUp() {}

  /// The application closes its engineers' connections when it is told.
  @Override
  public void discard() {}

  @Override
  public void forgotten() {}

  @Override
  public synchronized boolean isUnderWay() {
    return recording > 0 || !underWay.isEmpty();
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
  public boolean isSettled(SendQueues queues) {
    return !isUnderWay();
  }
}
