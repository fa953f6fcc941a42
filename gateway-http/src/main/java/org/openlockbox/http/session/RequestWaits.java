package org.openlockbox.http.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads of requests that wait for their record, or for the gate of their session. Whoever
/// settles what they wait for wakes them. A gate that opens again wakes nobody, so whoever has
/// waited for a while looks by itself: one thread sees to that, because a timer for each wait would
/// cost more than most waits last.
final class RequestWaits implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestWaits.class);
  private static final long LOOK_NANOS = 20_000_000L;

  private final Set<WaitingRequest> waiting = ConcurrentHashMap.newKeySet();
  private final Thread looks;
  private volatile boolean closed;

  RequestWaits() {
    looks = Thread.ofPlatform().name("http-waits").daemon().start(this::run);
  }

  /// One that waits.
  private static final class WaitingRequest {
    private final Thread thread = Thread.currentThread();
    private boolean old;

    /// It was here at the last look as well.
    void lookIfOld() {
      if (old) {
        LockSupport.unpark(thread);
      }
      old = true;
    }
  }

  /// The requests of one more session.
  SessionWaits session() {
    return new SessionWaits();
  }

  /// Those of one session.
  final class SessionWaits {
    private final Set<WaitingRequest> here = ConcurrentHashMap.newKeySet();

    private SessionWaits() {}

    /// Waits until this holds, on the calling thread; false if it must not be waited for any more.
    boolean await(BooleanSupplier holds, BooleanSupplier over) throws InterruptedException {
      WaitingRequest own = new WaitingRequest();
      here.add(own);
      waiting.add(own);
      try {
        while (!holds.getAsBoolean()) {
          if (over.getAsBoolean()) {
            return false;
          }
          LockSupport.park(this);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
        return true;
      } finally {
        waiting.remove(own);
        here.remove(own);
      }
    }

    /// All of them look again.
    void wake() {
      here.forEach(each -> LockSupport.unpark(each.thread));
    }
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(LOOK_NANOS);
      try {
        waiting.forEach(WaitingRequest::lookIfOld);
      } catch (RuntimeException | Error e) {
        said(e);
      }
    }
  }

  private static void said(Throwable why) {
    try {
      LOG.error("the look at waiting requests failed and is repeated", why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that, and the next look comes all the same
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(looks);
  }
}
