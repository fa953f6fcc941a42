package org.openlockbox.server.problem;

import java.time.Duration;
import org.slf4j.Logger;

/// A failure that many callers meet: logged at once with where it happened, and then at most once a
/// minute with how often. Safe for use by several threads.
public final class RepeatedFailure {
  private static final long AGAIN = Duration.ofMinutes(1).toNanos();

  private final Logger log;
  private boolean told;
  private long toldAt;
  private int times;

  public RepeatedFailure(Logger log) {
    this.log = log;
  }

  /// The same for a thread that has to go on whatever happens, also where there is no memory even
  /// for that.
  public void tellIfPossible(String what, Throwable failure) {
    try {
      tell(what, failure);
    } catch (RuntimeException | Error e) {
      // whoever comes here goes on
    }
  }

  /// Logs it, unless it was logged within the last minute.
  public synchronized void tell(String what, Throwable failure) {
    long now = System.nanoTime();
    if (!told) {
      log.warn(what, failure);
    } else if (now - toldAt >= AGAIN) {
      log.warn("{}: {} ({} times since it was told last)", what, failure.toString(), times + 1);
    } else {
      times++;
      return;
    }
    told = true;
    toldAt = now;
    times = 0;
  }
}
