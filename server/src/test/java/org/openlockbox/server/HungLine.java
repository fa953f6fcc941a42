package org.openlockbox.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// A way to a database that can hang as a suspended server does: connections stay, new ones are
/// taken, and nobody hears a word.
public final class HungLine implements AutoCloseable {
  private final int database;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore open = new Semaphore(Integer.MAX_VALUE);

  public HungLine(int database) throws IOException {
    this.database = database;
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public String host() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /// Nothing gets through from now on, in neither direction.
  public void hang() {
    open.drainPermits();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var caller = listener.accept();
        var behind = new Socket(InetAddress.getLoopbackAddress(), database);
        threads.execute(() -> pump(caller, behind));
        threads.execute(() -> pump(behind, caller));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void pump(Socket from, Socket to) {
    var bytes = new byte[64 * 1024];
    try (from;
        to;
        InputStream in = from.getInputStream()) {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        open.acquire();
        open.release();
        to.getOutputStream().write(bytes, 0, n);
      }
    } catch (IOException e) {
      // one side has hung up; try-with-resources ends the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
