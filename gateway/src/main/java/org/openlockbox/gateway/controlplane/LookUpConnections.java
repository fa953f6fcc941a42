package org.openlockbox.gateway.controlplane;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/// A few kept connections for look-ups: a login makes two or three, each of which would be a
/// handshake of TLS. Look-ups are GETs and may be repeated: silence on a kept connection may mean
/// that the way to the server changed under it, and says nothing of a new one.
final class LookUpConnections implements Closeable {
  private static final int KEPT = 8;

  private final Supplier<HttpConnection> lines;
  private final Deque<HttpConnection> free = new ConcurrentLinkedDeque<>();

  LookUpConnections(Supplier<HttpConnection> lines) {
    this.lines = lines;
  }

  /// If a kept connection stays silent, all kept ones are dropped, and a new one is asked once.
  HttpConnection.HttpReply get(String path, Duration timeout) throws IOException {
    HttpConnection kept = free.poll();
    if (kept != null) {
      try {
        return over(kept, path, timeout);
      } catch (SocketTimeoutException e) {
        close();
      }
    }
    return over(lines.get(), path, timeout);
  }

  private HttpConnection.HttpReply over(HttpConnection line, String path, Duration timeout)
      throws IOException {
    boolean answered = false;
    try {
      HttpConnection.HttpReply reply = line.send("GET", path, new byte[0], timeout);
      answered = true;
      return reply;
    } finally {
      if (answered && free.size() < KEPT) {
        free.push(line);
      } else {
        line.close();
      }
    }
  }

  @Override
  public void close() {
    for (HttpConnection line = free.poll(); line != null; line = free.poll()) {
      line.close();
    }
  }
}
