package org.openlockbox.http.websocket;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;

/// One end of a WebSocket, for threads that may wait. Nothing is read from its socket before
/// somebody wants the next frame, so a slow peer is waited for and no frame piles up.
public final class WebSocketLeg implements FrameHandler {
  private static final Duration OPENS_WITHIN = Duration.ofSeconds(10);

  private final CompletableFuture<CoreSession> opened = new CompletableFuture<>();
  private final BlockingQueue<Optional<ArrivedFrame>> arrived = new LinkedBlockingQueue<>();
  private volatile boolean aborted;
  private volatile Runnable connecting = () -> {};

  /// A frame that has come, and is not read further before it is [#done].
  ///
  /// @param callback tells the library that the frame may go
  public record ArrivedFrame(Frame frame, Callback callback) {
    /// Its content; empty where it has none.
    public byte[] payload() {
      var content = frame.getPayload().asReadOnlyBuffer();
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      return bytes;
    }

    /// Whether it is (a piece of) a message; else it is about the connection.
    public boolean isMessage() {
      return frame.isDataFrame();
    }

    /// The same for the other end, unmasked: each end masks for itself (RFC 6455, section 5.3).
    Frame copy() {
      return Frame.copy(frame).setMask(null);
    }

    public void done() {
      callback.succeeded();
    }
  }

  /// Whether it was closed at once.
  boolean isAborted() {
    return aborted;
  }

  /// It is on its way to a service.
  ///
  /// @param stop gives that up; called at once if the leg was aborted before
  void connects(Runnable stop) {
    connecting = stop;
    if (aborted) {
      stop.run();
    }
  }

  @Override
  public void onOpen(CoreSession session, Callback callback) {
    callback.succeeded();
    opened.complete(session);
    if (aborted) {
      session.abort();
    }
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    arrived.add(Optional.of(new ArrivedFrame(frame, callback)));
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    callback.succeeded();
    opened.completeExceptionally(cause);
    arrived.add(Optional.empty());
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    callback.succeeded();
    arrived.add(Optional.empty());
  }

  private CoreSession session() throws IOException {
    try {
      return opened.get(OPENS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the WebSocket did not open", e);
    }
  }

  /// Waits for the next frame; empty once there are no more.
  public Optional<ArrivedFrame> next() throws IOException {
    CoreSession session = session();
    try {
      if (session.isInputOpen()) {
        session.demand();
      }
      return arrived.take();
    } catch (IllegalStateException e) {
      return Optional.empty(); // it closed meanwhile
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// Sends on what came at another end, and waits until the socket has taken it.
  public void send(ArrivedFrame frame) throws IOException {
    var taken = new Callback.Completable();
    session().sendFrame(frame.copy(), taken, false);
    await(taken);
  }

  /// Says goodbye, with a status of RFC 6455, section 7.4.
  public void close(int status, String reason) throws IOException {
    var taken = new Callback.Completable();
    session().close(status, reason, taken);
    await(taken);
  }

  private static void await(Callback.Completable taken) throws IOException {
    try {
      taken.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("the WebSocket takes nothing", e.getCause());
    }
  }

  /// Closes it at once. Whoever waits for it goes on. Never waits.
  public void abort() {
    aborted = true;
    connecting.run();
    arrived.add(Optional.empty());
    opened.completeExceptionally(new IOException("the access has ended"));
    if (!opened.isCompletedExceptionally()) {
      opened.join().abort();
    }
  }
}
