package org.openlockbox.http;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What an engineer's WebSocket hears.
final class WebSocketClient implements WebSocket.Listener {
  static final int GONE = -1;
  final List<String> heard = new CopyOnWriteArrayList<>();
  final AtomicLong characters = new AtomicLong();

  /// 0 while it is open, [#GONE] if it was cut.
  final AtomicInteger closed = new AtomicInteger();

  final AtomicLong lastAt = new AtomicLong();
  private final boolean reads;

  /// @param reads whether it reads more than the first message
  WebSocketClient(boolean reads) {
    this.reads = reads;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    heard.add(text.toString());
    characters.addAndGet(text.length());
    lastAt.set(System.nanoTime());
    if (reads) {
      socket.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer content) {
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    closed.set(status);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable cause) {
    closed.set(GONE);
  }
}
