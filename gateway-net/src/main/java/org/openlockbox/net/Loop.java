package org.openlockbox.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that serves many sessions: it waits for their sockets, and for nothing else. Whoever
/// has to wait for something other than a socket is *held*: looked at again whenever the loop is
/// woken, and every few milliseconds, however busy the sockets are.
///
/// Being woken is for the loop, not for each session: of all records that a batch makes durable the
/// first one wakes it, and only if it sleeps. A socket that is ready is no reason to look at who is
/// held: with a thousand sessions each answer would cost a thousand looks.
///
/// A guest that could go on for long does a bounded part and asks for [#again]: it goes on when
/// everybody whose socket is ready has been served.
public final class Loop implements AutoCloseable {
  /// What a loop serves. Its methods run on the loop's thread, must not wait, and throw nothing.
  public interface LoopHandler {
    /// One of its sockets is ready.
    void ready(SelectionKey key);

    /// Something may have changed that no socket tells of.
    ///
    /// @return whether it is still held
    boolean look();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long LOOK_AGAIN_MILLIS = 20;
  private static final long LOOK_AGAIN_NANOS = LOOK_AGAIN_MILLIS * 1_000_000L;
  private static final long BREATH_NANOS = 20_000_000L;

  private final Selector selector;
  private final Thread thread;
  private final Buffers buffers = new Buffers();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asleep = new AtomicBoolean();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Set<LoopHandler> held = new LinkedHashSet<>();
  private Set<LoopHandler> pausing = new LinkedHashSet<>();
  private long lookedAt = System.nanoTime();
  private volatile boolean closed;

  public Loop(Thread.Builder threads) {
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.thread = threads.unstarted(this::run);
  }

  Loop start() {
    thread.start();
    return this;
  }

  boolean isRunning() {
    return thread.isAlive();
  }

  /// What lines on this loop share.
  public Buffers buffers() {
    return buffers;
  }

  /// Runs something on the loop's thread, soon and in order.
  public void execute(Runnable task) {
    tasks.add(task);
    wake();
  }

  /// Makes the loop look at whoever is held. May be called by any thread, any number of times.
  public void wake() {
    woken.set(true);
    if (asleep.compareAndSet(true, false)) {
      selector.wakeup();
    }
  }

  /// Waits for what the loop is to do, however late that is.
  ///
  /// @param late after how long the log says that the loop is late
  /// @return false if the loop has ended before
  public boolean await(CountDownLatch done, Duration late) throws InterruptedException {
    for (boolean said = false; !done.await(late.toNanos(), TimeUnit.NANOSECONDS); said = true) {
      if (!thread.isAlive()) {
        return done.getCount() == 0;
      }
      if (!said) {
        LOG.error("{} is late", thread.getName());
      }
    }
    return true;
  }

  /// Adds a socket; on the loop's thread.
  public SelectionKey register(SocketChannel channel, int interest, LoopHandler guest)
      throws IOException {
    return channel.register(selector, interest, guest);
  }

  /// Looks at the guest again until it says that it is not held any more; on the loop's thread.
  public void hold(LoopHandler guest) {
    held.add(guest);
  }

  /// Looks at the guest once more after the others; on the loop's thread.
  public void again(LoopHandler guest) {
    pausing.add(guest);
  }

  private void run() {
    while (!closed) {
      try {
        turn();
      } catch (IOException | RuntimeException | Error e) {
        LockSupport.parkNanos(this, BREATH_NANOS);
        said(e);
      }
    }
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("{}: {}", thread.getName(), e.getMessage());
    }
  }

  private void said(Throwable why) {
    try {
      LOG.error("{} failed and goes on", thread.getName(), why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that, and all its sessions wait for the next turn
    }
  }

  /// Whoever wakes the loop after the flag is set finds it in `select`, or lets that return at
  /// once; what became true before that is seen by the look.
  private void turn() throws IOException {
    asleep.set(true);
    if (isToLook()) {
      lookAtHeld();
    }
    if (tasks.isEmpty() && pausing.isEmpty()) {
      selector.select(Loop::serve, held.isEmpty() ? 0 : LOOK_AGAIN_MILLIS);
    } else {
      selector.selectNow(Loop::serve);
    }
    asleep.set(false);
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    goOn();
  }

  private void goOn() {
    if (!pausing.isEmpty()) {
      Set<LoopHandler> now = pausing;
      pausing = new LinkedHashSet<>();
      now.stream().filter(LoopHandler::look).forEach(this::hold);
    }
  }

  /// Whether anybody has woken the loop since it looked, or that is long ago.
  private boolean isToLook() {
    return woken.getAndSet(false) || System.nanoTime() - lookedAt > LOOK_AGAIN_NANOS;
  }

  private void lookAtHeld() {
    lookedAt = System.nanoTime();
    held.removeIf(guest -> !guest.look());
  }

  private static void serve(SelectionKey key) {
    if (key.isValid() && key.attachment() instanceof LoopHandler guest) {
      guest.ready(key);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
