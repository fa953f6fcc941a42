package org.openlockbox.http.socket;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// What is left of a body whose request was answered before it was read. A client may still be
/// sending it, and would lose the answer if the socket were closed over unread bytes (RFC 9112,
/// 9.6). So it is read and forgotten, while it comes without long pauses and is neither long nor
/// much; then the connection is closed, and the answer has had its time.
public final class UnreadBody {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long MOST = 16 << 20;

  private UnreadBody() {}

  public static void passOver(Request request) {
    if (request.getHeaders().contains(HttpHeader.EXPECT)) {
      return; // it waits for a word before it sends, and got the answer instead
    }
    long began = System.nanoTime();
    long passed = 0;
    while (passed < MOST && System.nanoTime() - began < LONGEST.toNanos()) {
      Content.Chunk chunk = request.read();
      if (chunk != null) {
        passed += chunk.remaining();
        chunk.release();
        if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
          return;
        }
      } else if (!comes(request)) {
        return;
      }
    }
  }

  private static boolean comes(Request request) {
    CountDownLatch more = new CountDownLatch(1);
    request.demand(more::countDown);
    try {
      return more.await(LONGEST_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
