package org.openlockbox.client.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.session.ConnectionlessTraffic;
import org.openlockbox.gateway.session.SessionParts;

/// The application's half of a session. There is nothing to dial: the data is the application's
/// own. What is under way are calls that are being recorded, and recorded actions whose answer has
/// not left in full.
///
/// When it is over, each action under way is stopped: nothing more of its answer is released, and
/// the application is told, so that it can stop the work and close its engineer's connection.
final class ApplicationTraffic extends ConnectionlessTraffic {
  private static final ClientNotice JUST_ENDED =
      ClientNotice.of("this access has just ended", "`lockbox request show` tells why.");

  private final Set<RecordedAction> underWay = new HashSet<>();
  private final List<Runnable> whenOver = new ArrayList<>();
  private @Nullable Meter meter;

  ApplicationTraffic(SessionParts parts, LongSupplier nanoTime) {
    super(parts, nanoTime);
  }

  /// What is released costs.
  synchronized Meter meter() {
    if (meter == null) {
      throw new IllegalStateException("the session is not open");
    }
    return meter;
  }

  /// Why nothing passes any more.
  AccessRefusal over() {
    return AccessRefusal.ended(words().orElse(JUST_ENDED));
  }

  /// An action was recorded and is under way now; false if the session is over.
  synchronized boolean begin(RecordedAction action) {
    if (!isBegun()) {
      return false;
    }
    underWay.add(action);
    outlasts();
    return true;
  }

  /// Its answer has left, or never will.
  synchronized void finished(RecordedAction action) {
    if (underWay.remove(action)) {
      settled();
    }
  }

  /// Calls this when the session is over, once; at once if it is. Its thread is one of its own.
  void whenOver(Runnable told) {
    synchronized (this) {
      if (!isOver()) {
        whenOver.add(told);
        return;
      }
    }
    Thread.startVirtualThread(told);
  }

  @Override
  public synchronized void begin(Meter own) {
    meter = own;
    super.begin(own);
  }

  @Override
  public synchronized void cancel() {
    underWay.forEach(RecordedAction::stop);
    super.cancel();
  }

  @Override
  public synchronized void cut() {
    super.cut();
    whenOver.forEach(Thread::startVirtualThread);
    whenOver.clear();
  }

  /// What is being recorded is waited for. What the application computes is not: its outcome says
  /// that it was cut off.
  @Override
  public void awaitQuiet() throws InterruptedException {
    List<RecordedAction> left;
    synchronized (this) {
      super.awaitQuiet();
      left = List.copyOf(underWay);
    }
    left.forEach(RecordedAction::cutOff);
  }
}
