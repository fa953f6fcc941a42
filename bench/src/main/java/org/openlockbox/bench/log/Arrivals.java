package org.openlockbox.bench.log;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Events that a sink has read, and how fast they came.
final class Arrivals {
  private static final long LIMIT = Duration.ofMinutes(10).toNanos();

  private long events;
  private long bytes;
  private long before;
  private long from;

  /// Counts anew, from the next arrival on.
  synchronized void begin() {
    events = 0;
    bytes = 0;
  }

  synchronized void add(long more, long size) {
    if (events == 0) {
      before = more;
      from = System.nanoTime();
    }
    events += more;
    bytes += size;
    notifyAll();
  }

  /// What came after the first delivery, whose making nobody has timed.
  record Rate(double events, double megabytes) {}

  /// Waits until so many have come since the beginning.
  synchronized Rate await(long wanted) {
    long until = System.nanoTime() + LIMIT;
    try {
      while (events < wanted) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          throw new IllegalStateException("%d of %d events came".formatted(events, wanted));
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    double seconds = (System.nanoTime() - from) / 1e9;
    double timed = events - before;
    return new Rate(timed / seconds, bytes * timed / events / seconds / 1e6);
  }
}
