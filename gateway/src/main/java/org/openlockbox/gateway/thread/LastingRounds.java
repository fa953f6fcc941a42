package org.openlockbox.gateway.thread;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/// The rounds of a thread that lasts as long as the gateway. What goes wrong in one of them, also
/// where memory is short for a moment, ends neither the thread nor the next round: nobody would
/// notice that what the thread does is done no more.
///
/// @param log where a failure is told
/// @param what is done, as it is told
public record LastingRounds(Logger log, String what) {
  private static final long BREATH_NANOS = 100_000_000L;

  /// One of the rounds. What it takes away before it fails is lost, unless it keeps it.
  @FunctionalInterface
  public interface Round {
    void run() throws InterruptedException;
  }

  /// Makes one round; after one that failed it pauses for a moment.
  ///
  /// @throws InterruptedException as the round does, which is how such a thread is told to end
  public void run(Round round) throws InterruptedException {
    try {
      round.run();
    } catch (RuntimeException | Error e) {
      LockSupport.parkNanos(this, BREATH_NANOS);
      said(e);
    }
  }

  private void said(Throwable why) {
    try {
      log.error("{} failed and goes on", what, why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that, and the next round comes all the same
    }
  }
}
