package org.openlockbox.gateway.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.function.Consumer;

/// Gives each connection to whoever answers it, on a thread of its own.
final class SocketServer implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  SocketServer(Consumer<Socket> connection) throws IOException {
    Thread.ofVirtual().start(() -> accept(connection));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  private void accept(Consumer<Socket> connection) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> connection.accept(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
