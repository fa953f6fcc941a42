package org.openlockbox.e2e.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A network between two programs of this machine: passes on what comes, until it is cut.
final class CutCable implements AutoCloseable {
  private final int port;
  private final int to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket listening;

  /// A whole one to this port.
  CutCable(int to) throws IOException {
    this.to = to;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = listening.getLocalPort();
    accept(listening);
  }

  int port() {
    return port;
  }

  private void accept(ServerSocket here) {
    Thread.ofVirtual().start(() -> acceptAll(here));
  }

  private void acceptAll(ServerSocket here) {
    try {
      while (!here.isClosed()) {
        Socket near = here.accept();
        open.add(near);
        Thread.ofVirtual().start(() -> join(near));
      }
    } catch (IOException cut) {
      // nobody comes any more
    }
  }

  private void join(Socket near) {
    try (near;
        var far = new Socket(InetAddress.getLoopbackAddress(), to)) {
      open.add(far);
      var back = Thread.ofVirtual().start(() -> copy(far, near));
      copy(near, far);
      back.join();
    } catch (IOException cut) {
      // the other end is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(near);
    }
  }

  private void copy(Socket from, Socket into) {
    try {
      from.getInputStream().transferTo(into.getOutputStream());
      into.shutdownOutput();
    } catch (IOException cut) {
      close(into);
    } finally {
      open.remove(from);
    }
  }

  private static void close(Socket one) {
    try {
      one.close();
    } catch (IOException gone) {
      // it is closed either way
    }
  }

  /// Cuts it, with all that goes through it.
  void cut() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(CutCable::close);
  }

  /// Mends it.
  void mend() {
    try {
      listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      accept(listening);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
  }
}
