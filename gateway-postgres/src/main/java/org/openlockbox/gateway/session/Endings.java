package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// Takes ended sessions down: each on a thread of its own, because a client may be slow and a role
/// may not go at once, but only a few begin in the same moment. When a thousand end together
/// nothing of them is released any more before this begins; their last words, and their backends
/// that end, must not keep the two or three threads from a processor that ask for the lease of all
/// the others.
final class Endings implements AutoCloseable {
  private static final int AT_ONCE = 20;
  private static final long PAUSE_NANOS = 20_000_000L;

  private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private final Thread thread =
      Thread.ofPlatform().name("session-ends").daemon().unstarted(this::run);
  private final Thread.Builder each = Thread.ofVirtual().name("session-end-", 0);

  Endings start() {
    thread.start();
    return this;
  }

  /// Never waits.
  void add(Runnable takedown) {
    waiting.add(takedown);
  }

  private void run() {
    try {
      while (true) {
        each.start(waiting.take());
        for (int i = 1; i < AT_ONCE; i++) {
          Runnable next = waiting.poll();
          if (next == null) {
            break;
          }
          each.start(next);
        }
        if (!waiting.isEmpty()) {
          LockSupport.parkNanos(this, PAUSE_NANOS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever has been added before has begun or will not.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
