package org.openlockbox.server.log;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many ends of access this server has committed, counted from a number that no other start of
/// a server used: who waits for news need not ask the database until there is some. What another
/// server commits is not in it, so nobody relies on it to be told.
public final class EndCounter {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private long count;

  public EndCounter(InstantSource clock) {
    this.count = clock.millis();
  }

  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Committed.
  void another() {
    lock.lock();
    try {
      count++;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits as long as the count is this one, at most for so long.
  public void awaitOtherThan(long seen, Duration most) {
    lock.lock();
    try {
      long left = most.toNanos();
      while (count == seen && left > 0) {
        left = grown.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
