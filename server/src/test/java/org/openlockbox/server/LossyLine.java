package org.openlockbox.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// A way to a database that can lose the answer to a commit: the database has carried it out, and
/// the connection breaks before anybody hears of it.
public final class LossyLine implements AutoCloseable {
  private final int database;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean losing = new AtomicBoolean();
  private volatile String type = "operation";

  public LossyLine(int database) throws IOException {
    this.database = database;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// The next commit of recorded statements is carried out, and its connection lost.
  public void loseNextCommit() {
    loseNextCommitOf("operation");
  }

  /// The same, of an entry of this type.
  public void loseNextCommitOf(String entry) {
    type = entry;
    losing.set(true);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        new Line(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), database)).start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private final class Line {
    private final Socket server;
    private final Socket behind;
    private volatile boolean recording;

    Line(Socket server, Socket behind) {
      this.server = server;
      this.behind = behind;
    }

    void start() {
      threads.execute(() -> pump(server, behind, true));
      threads.execute(() -> pump(behind, server, false));
    }

    private void pump(Socket from, Socket to, boolean toDatabase) {
      var bytes = new byte[64 * 1024];
      try (from;
          to;
          InputStream in = from.getInputStream()) {
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
          var text = new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
          if (toDatabase && text.contains("\"type\":\"%s\"".formatted(type))) {
            recording = true;
          }
          if (!toDatabase && text.contains("COMMIT") && recording) {
            recording = false;
            if (losing.compareAndSet(true, false)) {
              return; // it is committed, and nobody hears of it
            }
          }
          to.getOutputStream().write(bytes, 0, n);
        }
      } catch (IOException e) {
        // one side has hung up; try-with-resources ends the other
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
