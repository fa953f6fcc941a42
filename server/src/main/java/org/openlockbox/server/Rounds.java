package org.openlockbox.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openlockbox.server.problem.RepeatedFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is repeated until the server closes, each kind on its own thread. A round that fails
/// is tried again at the next, and reported where it fails otherwise than the one before; every
/// kind of work here is safe on several servers at once and picks up what a dead one left.
public final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /// How long one that was interrupted has.
  private static final Duration INTERRUPTED = Duration.ofSeconds(1);

  private final RepeatedFailures lasting = new RepeatedFailures(LOG);
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Duration patience;

  /// @param patience how long a round that is under way when all close may take to come to its end
  Rounds(Duration patience) {
    this.patience = patience;
  }

  /// Repeats the work with this pause between its rounds, until the server closes or it is stopped.
  public RepeatedWork every(Duration pause, String name, Runnable work) {
    var one = new RepeatedWork(new AtomicBoolean());
    threads.add(Thread.ofVirtual().name(name).start(() -> repeat(pause, name, work, one)));
    return one;
  }

  /// Work that is repeated.
  ///
  /// @param stopped set when it is to be repeated no more
  public record RepeatedWork(AtomicBoolean stopped) {
    /// Begins no round more; one that is under way comes to its end.
    void stop() {
      stopped.set(true);
    }
  }

  private void repeat(Duration pause, String name, Runnable work, RepeatedWork one) {
    try {
      do {
        round(name, work);
      } while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS) && !one.stopped().get());
      threads.remove(Thread.currentThread());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round(String name, Runnable work) {
    try {
      work.run();
      lasting.over(name, "goes on");
    } catch (RuntimeException | Error e) {
      said(name, e);
    }
  }

  /// Where there is no memory even for that, the next round is tried all the same.
  private void said(String name, Throwable why) {
    try {
      if (closing.getCount() > 0 && lasting.isNews(name, why.toString())) {
        LOG.warn("{} failed and will be tried again", name, why);
      }
    } catch (RuntimeException | Error e) {
      // nothing can be said of it now
    }
  }

  /// The kinds of work that are repeated no more although the server is not closed.
  List<String> stopped() {
    return closing.getCount() == 0
        ? List.of()
        : threads.stream().filter(thread -> !thread.isAlive()).map(Thread::getName).toList();
  }

  /// Begins no round more. One that is under way may write something: only if it does not come to
  /// its end is it interrupted.
  @Override
  public void close() {
    closing.countDown();
    long end = System.nanoTime() + patience.toNanos();
    try {
      for (var thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
      threads.forEach(Thread::interrupt);
      for (var thread : threads) {
        thread.join(INTERRUPTED);
      }
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }
}
