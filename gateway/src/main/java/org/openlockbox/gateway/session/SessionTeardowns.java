package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.thread.LastingRounds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends sessions in two steps: first the client is told, then what the session held is taken down,
/// each on a thread of its own, because a role may not go at once. Only a few of each begin in the
/// same moment. When a thousand end together nothing of them is released any more before this
/// begins; their last words, and their backends that end, must not keep the two or three threads
/// from a processor that ask for the lease of all the others. To tell costs little, so that is soon
/// done with.
final class SessionTeardowns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTeardowns.class);
  private static final int TOLD_AT_ONCE = 40;
  private static final int TAKEN_DOWN_AT_ONCE = 10;
  private static final long PAUSE_NANOS = 10_000_000L;

  private record Teardown(Runnable telling, Runnable takedown) {}

  private final BlockingQueue<Teardown> untold = new LinkedBlockingQueue<>();
  private final Queue<Runnable> told = new ArrayDeque<>();

  /// Its client was told, and it is not among those yet.
  private @Nullable Runnable inHand;

  private final Thread thread =
      Thread.ofPlatform().name("session-ends").daemon().unstarted(this::run);
  private final Consumer<Runnable> starter;

  SessionTeardowns() {
    this(Thread.ofVirtual().name("session-end-", 0)::start);
  }

  /// @param starter begins a takedown on a thread of its own
  SessionTeardowns(Consumer<Runnable> starter) {
    this.starter = starter;
  }

  SessionTeardowns start() {
    thread.start();
    return this;
  }

  /// Never waits.
  ///
  /// @param telling must not wait either
  void add(Runnable telling, Runnable takedown) {
    untold.add(new Teardown(telling, takedown));
  }

  private void run() {
    LastingRounds rounds = new LastingRounds(LOG, "taking down ended sessions");
    try {
      while (true) {
        rounds.run(this::round);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever goes wrong, each session that was taken here is taken down once.
  private void round() throws InterruptedException {
    settle();
    if (told.isEmpty()) {
      tell(untold.take());
    }
    tellSome();
    for (int i = 0; i < TAKEN_DOWN_AT_ONCE && !told.isEmpty(); i++) {
      starter.accept(told.element());
      told.remove();
    }
    if (!told.isEmpty() || !untold.isEmpty()) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
  }

  private void settle() {
    Runnable owed = inHand;
    if (owed != null) {
      told.add(owed);
      inHand = null;
    }
  }

  private void tellSome() {
    for (int i = 0; i < TOLD_AT_ONCE; i++) {
      Teardown next = untold.poll();
      if (next == null) {
        return;
      }
      tell(next);
    }
  }

  private void tell(Teardown ended) {
    try {
      ended.telling().run();
    } catch (RuntimeException | Error e) {
      LOG.error("the client of an ended session was not told", e);
    } finally {
      inHand = ended.takedown();
      settle();
    }
  }

  /// Whatever has been added before has begun or will not.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
