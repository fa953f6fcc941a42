package org.openlockbox.server.health;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// One look at the database and then at the disk, on a thread of its own. It comes to its end by
/// itself: both have limits of time of their own. A crash here is a look that found nothing.
final class HealthLook {
  private final long begun = System.nanoTime();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean databaseAnswered;
  private volatile boolean whole;
  private volatile long ended;

  private HealthLook() {}

  /// One that is long over.
  static HealthLook none() {
    var look = new HealthLook();
    look.ended = look.begun - Duration.ofDays(1).toNanos();
    look.over.countDown();
    return look;
  }

  static HealthLook begin(BooleanSupplier database, Runnable disk) {
    var look = new HealthLook();
    Thread.ofVirtual().name("looking at health").start(() -> look.take(database, disk));
    return look;
  }

  private void take(BooleanSupplier database, Runnable disk) {
    try {
      databaseAnswered = database.getAsBoolean();
      disk.run();
      whole = true;
    } finally {
      ended = System.nanoTime();
      over.countDown();
    }
  }

  /// Whether it ended longer ago than this; one that goes on did not.
  boolean isOlderThan(long nanos) {
    return over.getCount() == 0 && System.nanoTime() - ended >= nanos;
  }

  /// Waits until it is over, or so much time has passed since it began; whether all was looked at.
  boolean isWholeWithin(Duration patience) {
    try {
      long left = patience.toNanos() - (System.nanoTime() - begun);
      return over.await(Math.max(0, left), TimeUnit.NANOSECONDS) && whole;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// False also while it has not said anything yet.
  boolean databaseAnswered() {
    return databaseAnswered;
  }
}
