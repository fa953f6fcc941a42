package org.openlockbox.postgres.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// Stands between the gateway and its database and changes what the database says, once.
public final class TamperedLine implements AutoCloseable {
  private static final UnaryOperator<byte[]> HONEST = UnaryOperator.identity();

  private final int database;
  private final ServerSocket listening;
  private final AtomicReference<UnaryOperator<byte[]>> tamper = new AtomicReference<>(HONEST);

  public TamperedLine(int database) throws IOException {
    this.database = database;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /// Does this to what the database says from now on, until it has changed something.
  public void tamper(UnaryOperator<byte[]> change) {
    tamper.set(change);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), database);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> pass(client, server, false));
        Thread.ofVirtual().start(() -> pass(server, client, true));
      } catch (IOException e) {
        // closed, or one of the ends was in a hurry
      }
    }
  }

  private void pass(Socket from, Socket to, boolean fromDatabase) {
    byte[] some = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        byte[] bytes = Arrays.copyOf(some, n);
        out.write(fromDatabase ? changed(bytes) : bytes);
      }
    } catch (IOException e) {
      // one end has gone, and the other goes with it
    }
  }

  private byte[] changed(byte[] bytes) {
    UnaryOperator<byte[]> change = tamper.get();
    byte[] after = change.apply(bytes);
    if (!Arrays.equals(bytes, after)) {
      tamper.compareAndSet(change, HONEST);
    }
    return after;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
