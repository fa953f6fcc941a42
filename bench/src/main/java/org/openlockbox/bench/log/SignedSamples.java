package org.openlockbox.bench.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Looks, from outside, when entries are under a published checkpoint: every few milliseconds one
/// query for the newest checkpoints of the entries that are watched. A latency is at most one pause
/// too large.
final class SignedSamples implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private record Sample(LoadGateway.Arrival arrival, long index) {}

  private final SingleConnectionDataSource database;
  private final JdbcClient jdbc;
  private final Latencies signed = new Latencies();
  private final ConcurrentLinkedQueue<Sample> fresh = new ConcurrentLinkedQueue<>();
  private final Thread thread = Thread.ofPlatform().daemon().name("samples").unstarted(this::run);
  private volatile boolean ended;
  private final AtomicInteger left = new AtomicInteger();

  SignedSamples(SingleConnectionDataSource database) {
    this.database = database;
    this.jdbc = JdbcClient.create(database);
  }

  SignedSamples start() {
    thread.start();
    return this;
  }

  /// @param index the entry's index in its tenant's log
  void watch(LoadGateway.Arrival arrival, long index) {
    left.incrementAndGet();
    fresh.add(new Sample(arrival, index));
  }

  private void run() {
    List<Sample> waiting = new ArrayList<>();
    while (!ended) {
      for (Sample next; (next = fresh.poll()) != null; ) {
        waiting.add(next);
      }
      if (!waiting.isEmpty()) {
        waiting = unsigned(waiting);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private List<Sample> unsigned(List<Sample> waiting) {
    var sizes = new HashMap<String, Long>();
    jdbc.sql("select tenant_id, size from log_checkpoint where tenant_id = any (?)")
        .param(
            waiting.stream()
                .map(sample -> LogSite.tenant(sample.arrival.tenant()).value())
                .distinct()
                .toArray(String[]::new))
        .query(
            row -> {
              sizes.put(row.getString("tenant_id"), row.getLong("size"));
            });
    long now = System.nanoTime();
    var unsigned = new ArrayList<Sample>();
    for (var sample : waiting) {
      var tenant = LogSite.tenant(sample.arrival.tenant()).value();
      if (sizes.getOrDefault(tenant, 0L) > sample.index) {
        signed.add(now - sample.arrival.at());
        left.decrementAndGet();
      } else {
        unsigned.add(sample);
      }
    }
    return unsigned;
  }

  Latencies signed() {
    return signed;
  }

  /// How many entries are not under a checkpoint yet.
  int left() {
    return left.get();
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    database.destroy();
  }
}
