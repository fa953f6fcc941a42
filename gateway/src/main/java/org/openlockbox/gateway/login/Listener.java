package org.openlockbox.gateway.login;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts connections and bounds what strangers can hold open ([PendingLogins]), and for how long.
/// Live sessions are not counted against that.
public final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int BACKLOG = 256;
  private static final long BREATH_NANOS = 50_000_000L;

  /// What is done with an accepted connection, on its own thread.
  @FunctionalInterface
  public interface ConnectionHandler {
    /// `login` is to be told of each step, and when the client has proven who it is.
    ///
    /// @return whether somebody has taken the connection over; else it is closed
    boolean receive(Socket socket, LoginProgress login) throws IOException;
  }

  private final ServerSocketChannel listening;
  private final ConnectionHandler visit;
  private final ThreadFactory threads;
  private final Duration loginWithin;
  private final PendingLogins pending;
  private final TrustedProxies proxies;
  private volatile @Nullable Thread accepting;
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("login-deadlines").daemon().factory());

  public Listener(
      InetSocketAddress address,
      LoginLimits limits,
      LongSupplier nanoTime,
      ThreadFactory threads,
      ConnectionHandler visit)
      throws IOException {
    this.visit = visit;
    this.loginWithin = limits.within();
    this.pending = new PendingLogins(limits, nanoTime);
    this.proxies = limits.proxies();
    deadlines.setRemoveOnCancelPolicy(true);
    this.threads = threads;
    this.listening = ServerSocketChannel.open();
    listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    listening.bind(address, BACKLOG);
  }

  public Listener start() {
    accepting = Thread.ofPlatform().name("gateway-accept").daemon().start(this::accept);
    return this;
  }

  /// Whether somebody accepts connections, or it is closed.
  public boolean isRunning() {
    Thread started = accepting;
    return !listening.isOpen() || (started != null && started.isAlive());
  }

  public int port() {
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
          LockSupport.parkNanos(this, BREATH_NANOS);
          said(e);
        }
      }
    }
  }

  private static void said(Throwable why) {
    try {
      LOG.warn("a connection could not be accepted: {}", why.toString());
    } catch (RuntimeException | Error e) {
      // there is no memory even for that, and the next connection is accepted all the same
    }
  }

  private void welcome(Socket socket) {
    InetAddress peer = socket.getInetAddress();
    if (proxies.contains(peer)) {
      begin(socket, Optional.empty());
      return;
    }
    Optional<PendingLogins.PendingLogin> entered = pending.enter(peer, () -> close(socket));
    if (entered.isEmpty()) {
      close(socket);
    } else {
      begin(socket, entered);
    }
  }

  /// @param entered empty for a proxy's connection, whose client is not known yet
  private void begin(Socket socket, Optional<PendingLogins.PendingLogin> entered) {
    boolean started = false;
    try {
      ScheduledFuture<?> deadline =
          deadlines.schedule(() -> close(socket), loginWithin.toMillis(), TimeUnit.MILLISECONDS);
      threads.newThread(() -> receive(socket, entered, deadline)).start();
      started = true;
    } finally {
      if (!started) {
        entered.ifPresent(PendingLogins.PendingLogin::over);
        close(socket);
      }
    }
  }

  private Optional<PendingLogins.PendingLogin> behindProxy(Socket socket) throws IOException {
    return ProxyHeader.read(socket.getInputStream())
        .flatMap(client -> pending.enter(client, () -> close(socket)));
  }

  private void receive(
      Socket socket, Optional<PendingLogins.PendingLogin> entered, ScheduledFuture<?> deadline) {
    String from = socket.getInetAddress().getHostAddress();
    Optional<PendingLogins.PendingLogin> login = entered;
    boolean takenOver = false;
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      login = entered.isPresent() ? entered : behindProxy(socket);
      takenOver =
          login.isPresent()
              && visit.receive(socket, new UnauthenticatedConnection(login.get(), deadline));
    } catch (IOException e) {
      LOG.debug("a connection ended: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.info("a connection from {} was closed: {}", from, e.getMessage());
    } catch (Error e) {
      LOG.error("a connection from {} failed", from, e);
    } finally {
      deadline.cancel(false);
      login.ifPresent(PendingLogins.PendingLogin::over);
      if (!takenOver) {
        close(socket);
      }
    }
  }

  /// A connection that has not proven anything yet; it is closed at its deadline.
  private record UnauthenticatedConnection(LoginProgress login, ScheduledFuture<?> deadline)
      implements LoginProgress {
    @Override
    public InetAddress address() {
      return login.address();
    }

    @Override
    public void heard() {
      login.heard();
    }

    @Override
    public void served() {
      login.served();
    }

    @Override
    public void over() {
      deadline.cancel(false);
      login.over();
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
