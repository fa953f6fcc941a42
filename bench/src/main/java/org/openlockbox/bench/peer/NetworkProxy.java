package org.openlockbox.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// Carries connections to another port: at once; with answers that come later, as from a machine
/// further away; or not at all once it is cut, from when on it swallows what comes.
public final class NetworkProxy implements AutoCloseable {
  private final String host;
  private final int target;
  private final ServerSocket listening;
  private volatile Duration late = Duration.ZERO;
  private volatile boolean cut;

  public NetworkProxy(String host, int target) throws IOException {
    this.host = host;
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  void cut() {
    cut = true;
  }

  /// From now on each answer comes so much later; what follows on it is not held up further.
  public void late(Duration by) {
    late = by;
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        Socket far = new Socket(host, target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofPlatform().daemon().start(() -> answer(far, near));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] some = new byte[16 * 1024];
    try (from;
        to) {
      for (int count = from.getInputStream().read(some);
          count >= 0;
          count = from.getInputStream().read(some)) {
        if (!cut) {
          to.getOutputStream().write(some, 0, count);
        }
      }
    } catch (IOException e) {
      // one of the two has closed
    }
  }

  /// @param due the [System#nanoTime()] before which it is not passed on
  private record DelayedAnswer(ByteBuffer bytes, long due) {}

  /// A platform thread, because those wake up in time.
  private void answer(Socket from, Socket to) {
    var waiting = new LinkedBlockingQueue<DelayedAnswer>();
    Thread.ofVirtual().start(() -> listen(from, waiting));
    try (from;
        to) {
      for (DelayedAnswer next = waiting.take();
          next.bytes().hasRemaining();
          next = waiting.take()) {
        for (long left = next.due() - System.nanoTime();
            left > 0;
            left = next.due() - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        if (!cut) {
          to.getOutputStream().write(next.bytes().array());
        }
      }
    } catch (IOException e) {
      // one of the two has closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Puts an empty answer at the end of them.
  private void listen(Socket from, BlockingQueue<DelayedAnswer> waiting) {
    byte[] some = new byte[16 * 1024];
    try {
      for (int count = from.getInputStream().read(some);
          count >= 0;
          count = from.getInputStream().read(some)) {
        waiting.add(
            new DelayedAnswer(
                ByteBuffer.wrap(Arrays.copyOf(some, count)), System.nanoTime() + late.toNanos()));
      }
    } catch (IOException e) {
      // one of the two has closed
    } finally {
      waiting.add(new DelayedAnswer(ByteBuffer.allocate(0), System.nanoTime()));
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }
}
