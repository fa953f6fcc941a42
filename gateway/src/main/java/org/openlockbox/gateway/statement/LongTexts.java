package org.openlockbox.gateway.statement;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openlockbox.core.access.RequestId;

/// Where texts are read that may take long: a few at once, and of each access one at a time.
/// Whoever has more of them waits for its own, and the accesses take turns.
final class LongTexts implements AutoCloseable {
  private final ExecutorService threads;

  /// Of each access that has its turn: what else it wants read.
  private final Map<RequestId, Queue<Runnable>> waiting = new HashMap<>();

  LongTexts(int atOnce) {
    this.threads =
        Executors.newFixedThreadPool(
            atOnce, Thread.ofPlatform().name("long-text-", 0).daemon().factory());
  }

  /// Where those of one access are read.
  Executor of(RequestId access) {
    return reading -> add(access, reading);
  }

  private synchronized void add(RequestId access, Runnable reading) {
    Queue<Runnable> others = waiting.get(access);
    if (others != null) {
      others.add(reading);
    } else {
      begin(access, reading);
      waiting.put(access, new ArrayDeque<>());
    }
  }

  private void begin(RequestId access, Runnable reading) {
    threads.execute(
        () -> {
          try {
            reading.run();
          } finally {
            next(access);
          }
        });
  }

  private synchronized void next(RequestId access) {
    Queue<Runnable> others = waiting.remove(access);
    if (others == null || others.isEmpty() || threads.isShutdown()) {
      return;
    }
    begin(access, others.remove());
    waiting.put(access, others);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
