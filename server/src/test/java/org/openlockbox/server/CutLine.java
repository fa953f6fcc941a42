package org.openlockbox.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A way to a program that can lose a call, or the answer to it, or both ways for as long as
/// wanted.
public final class CutLine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CutLine.class);

  private enum Loss {
    NONE,
    NEXT_CALL,
    NEXT_ANSWER
  }

  private final int port;
  private final String call;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Loss> loss = new AtomicReference<>(Loss.NONE);
  private volatile boolean down;
  private volatile boolean hanging;

  /// @param call what a call has in it that may be lost
  public CutLine(int port, String call) throws IOException {
    this.port = port;
    this.call = call;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// The next call does not arrive, and its connection ends.
  public void loseNextCall() {
    loss.set(Loss.NEXT_CALL);
  }

  /// The next call arrives, and its connection ends before the answer.
  public void loseNextAnswer() {
    loss.set(Loss.NEXT_ANSWER);
  }

  /// Whether what should be lost was lost.
  public boolean lost() {
    return loss.get() == Loss.NONE;
  }

  /// Ends all connections, and takes none until [#up].
  public void down() {
    down = true;
    open.forEach(CutLine::end);
  }

  /// Passes nothing on, and says nothing.
  public void hang() {
    hanging = true;
  }

  public void up() {
    if (hanging) {
      hanging = false;
      open.forEach(CutLine::end);
    }
    down = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var here = listener.accept();
        if (down) {
          here.close();
        } else {
          relay(here, new Socket(InetAddress.getLoopbackAddress(), port));
        }
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private void relay(Socket here, Socket there) {
    open.add(here);
    open.add(there);
    threads.execute(() -> pump(here, there, true));
    threads.execute(() -> pump(there, here, false));
  }

  private void pump(Socket from, Socket to, boolean isCall) {
    var bytes = new byte[64 * 1024];
    try (from;
        to) {
      var in = from.getInputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        if (isCall && isLost(bytes, n, from, to)) {
          return;
        }
        awaitLine();
        to.getOutputStream().write(bytes, 0, n);
      }
    } catch (IOException e) {
      LOG.debug("a connection ended", e);
    } finally {
      open.remove(from);
    }
  }

  private void awaitLine() throws IOException {
    while (hanging) {
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// The caller is gone before its call is passed on, so no answer can be early.
  private boolean isLost(byte[] bytes, int n, Socket from, Socket to) throws IOException {
    if (!new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains(call)) {
      return false;
    }
    if (loss.compareAndSet(Loss.NEXT_CALL, Loss.NONE)) {
      return true;
    }
    if (loss.compareAndSet(Loss.NEXT_ANSWER, Loss.NONE)) {
      from.close();
      to.getOutputStream().write(bytes, 0, n);
      to.shutdownOutput();
      for (int i = 0; i < 500 && !to.isClosed(); i++) {
        pause();
      }
      return true;
    }
    return false;
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(CutLine::end);
    threads.shutdownNow();
  }
}
