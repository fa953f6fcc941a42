package org.openlockbox.gateway.controlplane;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Ends a write that the peer does not take: a socket itself has a deadline for reads alone. The
/// connection is closed then, so that nobody takes half a call for a whole one.
final class WriteDeadline {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final ScheduledThreadPoolExecutor looks =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("write-deadline").daemon().factory());

  WriteDeadline(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    looks.setRemoveOnCancelPolicy(true);
    looks.setKeepAliveTime(IDLE.toNanos(), TimeUnit.NANOSECONDS);
    looks.allowCoreThreadTimeOut(true);
  }

  /// Writes all of it, or closes the socket and throws once this time is over.
  void write(Socket plain, Socket over, byte[] bytes, Duration within) throws IOException {
    var end = new WriteEnd(plain, nanoTime.getAsLong() + within.toNanos());
    end.run();
    try {
      over.getOutputStream().write(bytes);
    } catch (IOException e) {
      if (end.hasCome()) {
        var timeout = new SocketTimeoutException("the call was not taken in time");
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      end.cancel();
    }
  }

  /// Looks at the clock when it may be time, and again as long as it is not.
  private final class WriteEnd implements Runnable {
    private final Socket plain;
    private final long deadline;
    private @Nullable Future<?> next;
    private boolean hasCome;
    private boolean isOver;

    WriteEnd(Socket plain, long deadline) {
      this.plain = plain;
      this.deadline = deadline;
    }

    @Override
    public synchronized void run() {
      if (isOver) {
        return;
      }
      long left = deadline - nanoTime.getAsLong();
      if (left > 0) {
        next = looks.schedule(this, left, TimeUnit.NANOSECONDS);
        return;
      }
      hasCome = true;
      try {
        plain.close();
      } catch (IOException e) {
        // a socket that fails to close is closed
      }
    }

    synchronized boolean hasCome() {
      return hasCome;
    }

    synchronized void cancel() {
      isOver = true;
      if (next != null) {
        next.cancel(false);
      }
    }
  }
}
