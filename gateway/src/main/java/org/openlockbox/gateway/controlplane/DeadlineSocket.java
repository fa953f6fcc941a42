package org.openlockbox.gateway.controlplane;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// A socket whose reads have one deadline together, those of TLS above it included. So a peer that
/// sends a byte now and then does not prolong a call.
final class DeadlineSocket extends Socket {
  private final LongSupplier nanoTime;
  private volatile long deadline;

  DeadlineSocket(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// All reads from now on end within this time.
  void allow(Duration time) {
    deadline = nanoTime.getAsLong() + time.toNanos();
  }

  /// Milliseconds, at least one.
  int left() throws SocketTimeoutException {
    long left = deadline - nanoTime.getAsLong();
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) Math.max(1, NANOSECONDS.toMillis(left));
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new DeadlineInput(super.getInputStream());
  }

  private final class DeadlineInput extends FilterInputStream {
    DeadlineInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// The kernel wakes it when it is time to look at the clock; the clock says whether time is
    /// over.
    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      while (true) {
        setSoTimeout(left());
        try {
          return super.read(into, from, length);
        } catch (SocketTimeoutException e) {
          // the next look at what is left ends it, or goes on
        }
      }
    }
  }
}
