package org.openlockbox.client.session;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An answer on its way out of the application. Until the first piece is full, or [#flush] or
/// [#close] is called, nothing of it has left. Safe for many threads: what leaves is what was
/// counted, whoever writes meanwhile.
public final class ReleasedStream extends OutputStream {
  private static final int PIECE = 16 * 1024;

  private final RecordedAction action;
  private final OutputStream to;
  private final byte[] piece = new byte[PIECE];
  private final long count;
  private int filled;
  private boolean begun;
  private boolean closed;
  private volatile @Nullable ReleaseRefused refused;

  ReleasedStream(RecordedAction action, OutputStream to, long count) {
    this.action = action;
    this.to = to;
    this.count = count;
  }

  @Override
  public synchronized void write(int each) throws IOException {
    requireOpen();
    piece[filled++] = (byte) each;
    if (filled == PIECE) {
      pass();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    requireOpen();
    int at = from;
    while (at < from + length) {
      int some = Math.min(from + length - at, PIECE - filled);
      System.arraycopy(bytes, at, piece, filled, some);
      filled += some;
      at += some;
      if (filled == PIECE) {
        pass();
      }
    }
  }

  /// Whoever writes little and seldom flushes hears of the end at once, too.
  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the answer is over");
    }
    if (action.isStopped()) {
      throw refused(action.over());
    }
  }

  /// @throws ReleaseRefused if nothing more may leave
  private void pass() throws IOException {
    int length = filled;
    long rows = begun ? 0 : RecordedAction.units(length, action.most(count));
    filled = 0;
    begun |= length > 0;
    Optional<AccessRefusal> refusal = action.pass(piece, length, rows);
    if (refusal.isPresent()) {
      throw refused(refusal.get());
    }
    if (length > 0) {
      to.write(piece, 0, length);
      to.flush(); // what is released does not wait in a buffer
    }
    if (action.isLate()) {
      throw refused(action.over());
    }
  }

  private ReleaseRefused refused(AccessRefusal why) {
    closed = true;
    action.refused(why);
    ReleaseRefused made = new ReleaseRefused(why);
    refused = made;
    return made;
  }

  /// Why the rest did not leave, if it did not. Whoever catches exceptions of writers asks here.
  public Optional<ReleaseRefused> refused() {
    return Optional.ofNullable(refused);
  }

  /// Throws away what has been written and has not left.
  public synchronized void forget() {
    filled = 0;
  }

  /// Releases what has been written.
  @Override
  public synchronized void flush() throws IOException {
    if (filled > 0) {
      pass();
    }
  }

  /// Releases the rest and ends the action. What it is written to stays open.
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      pass();
      action.end();
    } finally {
      closed = true;
      action.close();
    }
  }
}
