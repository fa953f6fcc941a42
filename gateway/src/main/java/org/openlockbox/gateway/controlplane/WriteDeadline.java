package org.openlockbox.gateway.controlplane;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends a write that the peer does not take: a socket itself has a deadline for reads alone. The
/// connection is closed then, so that nobody takes half a call for a whole one.
final class WriteDeadline {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("write-deadline").daemon().factory());

  WriteDeadline() {
    clock.setRemoveOnCancelPolicy(true);
    clock.setKeepAliveTime(IDLE.toNanos(), TimeUnit.NANOSECONDS);
    clock.allowCoreThreadTimeOut(true);
  }

  /// Writes all of it, or closes the socket and throws once this time is over.
  void write(Socket plain, Socket over, byte[] bytes, Duration within) throws IOException {
    var late = new AtomicBoolean();
    var end =
        clock.schedule(
            () -> {
              late.set(true);
              plain.close();
              return true;
            },
            within.toNanos(),
            TimeUnit.NANOSECONDS);
    try {
      over.getOutputStream().write(bytes);
    } catch (IOException e) {
      if (late.get()) {
        var timeout = new SocketTimeoutException("the call was not taken in time");
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      end.cancel(false);
    }
  }
}
