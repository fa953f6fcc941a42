package org.openlockbox.gateway.testing.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Answers a gateway's questions for its lease as a control plane does: holds each for a moment,
/// and answers at once when access ends. The network to it can be cut.
public final class LeaseServer implements Closeable {
  private static final long HELD_MILLIS = 150;

  private final ServerSocket listening;
  private final List<String> ended = new ArrayList<>();
  private boolean cut;

  public LeaseServer() throws IOException {
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /// Ends an access, and answers when that was.
  public synchronized long revoke(String request) {
    long now = System.nanoTime();
    ended.add(request);
    notifyAll();
    return now;
  }

  /// From now on questions and answers get lost.
  public synchronized void cut() {
    cut = true;
  }

  public synchronized void heal() {
    cut = false;
    notifyAll();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket asking = listening.accept();
        Thread.ofVirtual().start(() -> serve(asking));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket asking) {
    int told = 0;
    try (asking) {
      while (asking.getInputStream().read() >= 0) {
        List<String> answer = answer(told);
        told = answer.size();
        asking.getOutputStream().write((String.join(" ", answer) + "\n").getBytes(US_ASCII));
      }
    } catch (IOException | InterruptedException e) {
      // the gateway asks again
    }
  }

  /// Waits a moment for what has not been told.
  private synchronized List<String> answer(int told) throws IOException, InterruptedException {
    long until = System.nanoTime() + HELD_MILLIS * 1_000_000L;
    for (long left = HELD_MILLIS; left > 0 && ended.size() == told && !cut; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000L;
    }
    if (cut) {
      while (cut) {
        wait();
      }
      throw new IOException("the question is lost");
    }
    return List.copyOf(ended);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    heal();
  }
}
