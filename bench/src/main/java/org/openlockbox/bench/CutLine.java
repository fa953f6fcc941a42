package org.openlockbox.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Carries connections to another port until it is cut; from then on it swallows what comes.
final class CutLine implements AutoCloseable {
  private final String host;
  private final int target;
  private final ServerSocket listening;
  private volatile boolean cut;

  CutLine(String host, int target) throws IOException {
    this.host = host;
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void cut() {
    cut = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        Socket far = new Socket(host, target);
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
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

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }
}
