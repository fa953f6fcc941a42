package org.openlockbox.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts connections and bounds what strangers can hold open: so many that have not logged in, in
/// all and from one address, each for ten seconds in all. Live sessions are not counted against
/// that.
final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final Duration LOGIN_WITHIN = Duration.ofSeconds(10);
  private static final int MAX_STRANGERS = 400;
  private static final int MAX_STRANGERS_FROM_ONE = 200;
  private static final int BACKLOG = 256;
  private static final long BREATH_NANOS = 50_000_000L;

  /// What is done with an accepted connection, on its own thread.
  @FunctionalInterface
  interface Visit {
    /// `loggedIn` is to be run once the client has proven who it is.
    ///
    /// @return whether somebody has taken the connection over; else it is closed
    boolean receive(Socket socket, Runnable loggedIn) throws IOException;
  }

  private final ServerSocketChannel listening;
  private final Visit visit;
  private final ThreadFactory threads;
  private final Headcount<InetAddress> strangers =
      new Headcount<>(MAX_STRANGERS, MAX_STRANGERS_FROM_ONE);
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("login-deadlines").daemon().factory());

  Listener(InetSocketAddress address, ThreadFactory threads, Visit visit) throws IOException {
    this.visit = visit;
    this.threads = threads;
    this.listening = ServerSocketChannel.open();
    listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    listening.bind(address, BACKLOG);
  }

  Listener start() {
    Thread.ofPlatform().name("gateway-accept").daemon().start(this::accept);
    return this;
  }

  int port() {
    return listening.socket().getLocalPort();
  }

  /// Goes on whatever happens to one connection, or to the machine: no memory, no thread, no file
  /// descriptor left.
  private void accept() {
    while (listening.isOpen()) {
      try {
        welcome(listening.accept().socket());
      } catch (IOException | RuntimeException | Error e) {
        if (listening.isOpen()) {
          LOG.warn("a connection could not be accepted: {}", e.toString());
          LockSupport.parkNanos(this, BREATH_NANOS);
        }
      }
    }
  }

  private void welcome(Socket socket) {
    InetAddress from = socket.getInetAddress();
    if (!strangers.enter(from)) {
      close(socket);
      return;
    }
    boolean started = false;
    try {
      threads.newThread(() -> receive(socket, from)).start();
      started = true;
    } finally {
      if (!started) {
        strangers.leave(from);
        close(socket);
      }
    }
  }

  private void receive(Socket socket, InetAddress from) {
    Stranger stranger = new Stranger(socket, from);
    boolean takenOver = false;
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      takenOver = visit.receive(socket, stranger::known);
    } catch (IOException e) {
      LOG.debug("a connection ended: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.info("a connection from {} was closed: {}", from.getHostAddress(), e.getMessage());
    } catch (Error e) {
      LOG.error("a connection from {} failed", from.getHostAddress(), e);
    } finally {
      stranger.known();
      if (!takenOver) {
        close(socket);
      }
    }
  }

  /// A connection that has not proven anything yet; it is closed at its deadline.
  private final class Stranger {
    private final InetAddress from;
    private final ScheduledFuture<?> deadline;
    private boolean counted = true;

    Stranger(Socket socket, InetAddress from) {
      this.from = from;
      this.deadline =
          deadlines.schedule(() -> close(socket), LOGIN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized void known() {
      if (counted) {
        counted = false;
        deadline.cancel(false);
        strangers.leave(from);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    deadlines.shutdownNow();
  }
}
