package org.openlockbox.postgres.statement;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;

/// Where texts are read that may take long: a few at once, of each tenant one at a time, and of
/// each access. Whoever has more of them waits for its own: tenants take turns, and within a tenant
/// its accesses. So one tenant never has all the threads.
final class LongTexts implements AutoCloseable {
  private record AccessKey(TenantId tenant, RequestId request) {}

  private final ExecutorService threads;
  private final TurnQueue<TenantId> tenants = new TurnQueue<>();
  private final TurnQueue<AccessKey> accesses = new TurnQueue<>();

  LongTexts(int atOnce) {
    this.threads =
        Executors.newFixedThreadPool(
            atOnce, Thread.ofPlatform().name("long-text-", 0).daemon().factory());
  }

  /// Where those of one access are read.
  Executor of(TenantId tenant, RequestId request) {
    Executor ofTenant = tenants.of(tenant, threads);
    return accesses.of(new AccessKey(tenant, request), ofTenant);
  }

  /// Passes on of each key one at a time; what else it has waits behind the others.
  private final class TurnQueue<K> {
    /// Of each key that has its turn: what else it wants read.
    private final Map<K, Queue<Runnable>> waiting = new HashMap<>();

    Executor of(K key, Executor to) {
      return reading -> add(key, to, reading);
    }

    private synchronized void add(K key, Executor to, Runnable reading) {
      Queue<Runnable> others = waiting.get(key);
      if (others != null) {
        others.add(reading);
      } else {
        begin(key, to, reading);
        waiting.put(key, new ArrayDeque<>());
      }
    }

    private void begin(K key, Executor to, Runnable reading) {
      to.execute(
          () -> {
            try {
              reading.run();
            } finally {
              next(key, to);
            }
          });
    }

    private synchronized void next(K key, Executor to) {
      Queue<Runnable> others = waiting.remove(key);
      if (others == null || others.isEmpty() || threads.isShutdown()) {
        return;
      }
      begin(key, to, others.remove());
      waiting.put(key, others);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
