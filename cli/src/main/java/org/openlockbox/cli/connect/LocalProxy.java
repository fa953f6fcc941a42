package org.openlockbox.cli.connect;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A port on this machine's loopback, for programs that cannot speak to the gateway as it wants to
/// be spoken to. Each connection goes its own way there ([ProxiedProtocol]). Closing the port ends
/// all of them; so does a crash.
public final class LocalProxy implements Closeable {
  private static final int LOGIN_MILLIS = 30_000;
  private static final int MOST_AT_ONCE = 64;

  private final ProxiedProtocol protocol;
  private final ServerSocket listening;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final CountDownLatch closed = new CountDownLatch(1);

  private LocalProxy(ProxiedProtocol protocol, ServerSocket listening) {
    this.protocol = protocol;
    this.listening = listening;
  }

  /// Listens at this port, or at a free one for 0.
  public static LocalProxy open(ProxiedProtocol protocol, int port) throws IOException {
    var socket = new ServerSocket(port, MOST_AT_ONCE, InetAddress.ofLiteral("127.0.0.1"));
    var proxy = new LocalProxy(protocol, socket);
    Thread.ofVirtual().start(proxy::serve);
    return proxy;
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void serve() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (room.tryAcquire()) {
          Thread.ofVirtual().start(() -> serve(client));
        } else {
          client.close();
        }
      } catch (IOException gone) {
        // the port was closed, or a client left at once
      }
    }
  }

  private void serve(Socket client) {
    open.add(client);
    try (client) {
      client.setSoTimeout(LOGIN_MILLIS);
      client.setTcpNoDelay(true);
      protocol.serve(client);
    } catch (IOException | RuntimeException ended) {
      // this client's connection is over, whatever the reason
    } finally {
      open.remove(client);
      room.release();
    }
  }

  /// Waits so long, or until the port is closed.
  public void await(long millis) throws InterruptedException {
    boolean _ = closed.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Closeable each : open) {
        each.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      closed.countDown();
    }
  }

  @Override
  public String toString() {
    return "127.0.0.1:" + port();
  }
}
