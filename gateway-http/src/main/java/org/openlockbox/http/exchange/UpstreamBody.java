package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/// The body of a service's answer, read by the thread of its request straight from the connection:
/// no other thread takes part while there is something to read. Closing it gives up what was not
/// read, with its connection.
final class UpstreamBody extends InputStream {
  private final Content.Source source;
  private final Runnable abort;
  private Content.@Nullable Chunk chunk;
  private boolean ended;

  /// @param abort gives up the request
  UpstreamBody(Content.Source source, Runnable abort) {
    this.source = source;
    this.abort = abort;
  }

  /// Whether the next read would wait for the service.
  boolean isPaused() {
    return !ended && peek() == null;
  }

  /// An abort may race with the read, which fails then as a body that breaks off does.
  private Content.@Nullable Chunk peek() {
    if (chunk == null) {
      try {
        chunk = source.read();
      } catch (IllegalStateException e) {
        chunk = Content.Chunk.from(e);
      }
    }
    return chunk;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int at, int most) throws IOException {
    if (most == 0) {
      return 0;
    }
    while (!ended) {
      Content.Chunk next = awaited();
      if (Content.Chunk.isFailure(next)) {
        throw failed(next);
      }
      int some = next.get(to, at, most);
      if (!next.hasRemaining()) {
        ended = next.isLast();
        chunk = null;
        next.release();
      }
      if (some > 0) {
        return some;
      }
    }
    return -1;
  }

  private Content.Chunk awaited() throws IOException {
    for (Content.Chunk next = peek(); ; next = peek()) {
      if (next != null) {
        return next;
      }
      try (Blocker.Runnable come = Blocker.runnable()) {
        source.demand(come);
        come.block();
      }
    }
  }

  /// The service sent no whole answer, or was made to stop.
  static final class BrokenOff extends IOException {
    private static final long serialVersionUID = 1;

    private BrokenOff(Throwable why) {
      super("the answer broke off", why);
    }
  }

  /// The failure stays, so whoever reads on meets it again.
  private static BrokenOff failed(Content.Chunk failure) {
    return new BrokenOff(failure.getFailure());
  }

  private static boolean isEnd(Content.@Nullable Chunk next) {
    return next != null && next.isLast() && !next.hasRemaining() && !Content.Chunk.isFailure(next);
  }

  @Override
  public void close() {
    ended = ended || isEnd(peek());
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    if (!ended) {
      ended = true;
      abort.run();
    }
  }
}
