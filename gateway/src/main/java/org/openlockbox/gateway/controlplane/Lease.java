package org.openlockbox.gateway.controlplane;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.clock.ClockReading;
import org.openlockbox.gateway.clock.Clocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway's permission to go on. It is asked for again as soon as there is an answer, which
/// the server holds for a moment while nothing happens; ten times a second at most, but a few times
/// at once after a silence, because one revocation seldom comes alone. A question that is without
/// an answer for a quarter of a second gets another one beside it, and so on until it ends: a call
/// that hangs costs nobody the lease. Of all answers the one counts whose question was sent last.
///
/// What an answer allows is its [LeaseTerm]. The revocations that it carries are in force before it
/// allows anything; so a gateway that is cut off, or was stopped for a while, never takes it for
/// more than it says. A crash here takes the lease with it: nothing is released without one.
public final class Lease implements AutoCloseable {
  /// Hears what has ended, on one of the lease's own threads, one answer after the other; must not
  /// block. It has put that in force when it returns; if it throws, the answer allows nothing.
  public interface LeaseListener {
    void renewed(LeaseAnswer answer);

    /// There will be no lease any more for the certificate that this gateway shows.
    default void refused() {}
  }

  private static final long EVERY_NANOS = 100_000_000L;
  private static final long SAVED_NANOS = 3 * EVERY_NANOS;
  private static final long PAUSE_NANOS = 10_000_000L;
  private static final long LOOK_NANOS = 50_000_000L;

  /// Longer than the server holds a question and a network takes; short enough for the answer to
  /// another one to come before the lease ends by which sessions go on meanwhile.
  private static final long HANGS_NANOS = 250_000_000L;

  /// How long who logs in waits for a lease.
  public static final Duration COMES_WITHIN = Duration.ofSeconds(3);

  private static final long MOST_LOOKS = COMES_WITHIN.toNanos() / LOOK_NANOS;
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final ControlPlane controlPlane;
  private final Supplier<List<WatchedLog>> watched;
  private final LeaseListener listener;
  private final Clocks clocks;
  private final Thread thread;
  private final Thread beside;
  private final Object heeding = new Object();
  private volatile @Nullable ClockReading waitsSince;
  private volatile LeaseTerm newest = LeaseTerm.NONE;
  private volatile boolean closed;
  private boolean reachable = true;

  public Lease(
      ControlPlane controlPlane,
      Supplier<List<WatchedLog>> watched,
      LeaseListener listener,
      Clocks clocks) {
    this.controlPlane = controlPlane;
    this.watched = watched;
    this.listener = listener;
    this.clocks = clocks;
    this.thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::keep);
    this.beside = Thread.ofPlatform().name("lease-beside").daemon().unstarted(this::keepBeside);
  }

  /// Renews once, if the control plane answers, and then keeps renewing.
  public Lease start() {
    beside.start();
    renew();
    thread.start();
    return this;
  }

  /// Whether the threads that renew it are there.
  public boolean isRunning() {
    return thread.isAlive() && beside.isAlive();
  }

  /// What the newest answer allows.
  public LeaseTerm newest() {
    return newest;
  }

  private boolean isValid() {
    return newest.mayRelease(clocks.read());
  }

  /// Whether there is one now or within [#COMES_WITHIN]: who logs in waits like a session that is
  /// open.
  public boolean comes() {
    for (int i = 0; i < MOST_LOOKS && !isValid() && !closed; i++) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return isValid();
  }

  private void keep() {
    long due = clocks.nanoTime();
    while (!closed) {
      goOnAfter(this::renew);
      long now = clocks.nanoTime();
      due = Math.max(due - now, -SAVED_NANOS) + now + EVERY_NANOS;
      LockSupport.parkNanos(Math.max(due - now, PAUSE_NANOS));
    }
  }

  /// Memory may be short for a moment, also for saying so. The threads outlive that.
  private void goOnAfter(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      try {
        failed(e);
      } catch (RuntimeException | Error again) {
        // nothing is allowed without an answer, and the next step asks again
      }
    }
  }

  private void renew() {
    ClockReading sent = clocks.readAtOnce();
    waitsSince = sent;
    try {
      ask(sent);
    } finally {
      waitsSince = null;
    }
  }

  private void keepBeside() {
    while (!closed) {
      goOnAfter(this::askBeside);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void askBeside() {
    if (isHanging()) {
      ask(clocks.readAtOnce());
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private boolean isHanging() {
    ClockReading since = waitsSince;
    return since != null && clocks.nanoTime() - since.monotonic() > HANGS_NANOS;
  }

  private void ask(ClockReading sent) {
    if (closed) {
      return;
    }
    try {
      LeaseAnswer answer = controlPlane.lease(watched.get());
      synchronized (heeding) {
        listener.renewed(answer);
        take(new LeaseTerm(sent, answer.lasts()));
      }
      answered();
    } catch (ControlPlane.CertificateRefused e) {
      lapse();
      listener.refused();
      failed(e);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private synchronized void answered() {
    if (!reachable) {
      LOG.info("the control plane answers again; the lease is renewed");
    }
    reachable = true;
  }

  private synchronized void failed(Throwable why) {
    if (reachable && !closed) {
      LOG.warn("the lease was not renewed: {}", why.toString());
    }
    reachable = false;
  }

  /// An answer that comes after the end is nothing, and so is one that was overtaken.
  private synchronized void take(LeaseTerm term) {
    if (!closed && (newest.equals(LeaseTerm.NONE) || !term.isOlderThan(newest))) {
      newest = term;
    }
  }

  private synchronized void lapse() {
    newest = LeaseTerm.NONE;
  }

  private synchronized void end() {
    closed = true;
    newest = LeaseTerm.NONE;
  }

  @Override
  public void close() {
    end();
    LockSupport.unpark(thread);
    LockSupport.unpark(beside);
  }
}
