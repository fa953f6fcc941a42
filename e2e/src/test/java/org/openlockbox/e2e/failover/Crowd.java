package org.openlockbox.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.PostgresUrl;

/// Many engineers' programs. Each logs in, asks one small statement after the other, and leaves by
/// itself when its work is done; then it comes again, until it is told to stop. Whatever keeps one
/// out or ends it before is put down.
final class Crowd implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Duration READS_ON_WITHIN = Duration.ofMinutes(3);

  private final List<Thread> threads = new ArrayList<>();
  private final List<AtomicInteger> read = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger visits = new AtomicInteger();
  private volatile boolean stopped;

  /// So many sessions of each of these grants, for as long as each session's work takes.
  Crowd(List<PostgresUrl> grants, int each, Duration work) {
    for (PostgresUrl grant : grants) {
      for (int n = 0; n < each; n++) {
        var results = new AtomicInteger();
        read.add(results);
        // Not all come and leave at the same moment.
        var mine = work.plus(work.dividedBy(each).multipliedBy(n));
        threads.add(Thread.ofVirtual().start(() -> comesAndGoes(grant, mine, results)));
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
    }
  }

  private void comesAndGoes(PostgresUrl grant, Duration work, AtomicInteger results) {
    while (!stopped) {
      try {
        visit(grant, work, results);
        visits.incrementAndGet();
      } catch (SQLException e) {
        faults.add(Instant.now() + " " + e.getSQLState() + " " + e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void visit(PostgresUrl grant, Duration work, AtomicInteger results) throws SQLException {
    try (var connection = grant.connect();
        var statement = connection.createStatement()) {
      var done = Instant.now().plus(work);
      do {
        try (var rows = statement.executeQuery("select " + results.get())) {
          rows.next();
        }
        results.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      } while (!stopped && Instant.now().isBefore(done));
    }
  }

  /// Waits until each of them has had another result.
  void readsOn(String after) {
    var before = read.stream().map(AtomicInteger::get).toList();
    var deadline = Instant.now().plus(READS_ON_WITHIN);
    while (waiting(before) > 0) {
      assertThat(Instant.now())
          .as("%d sessions wait after: %s; %s", waiting(before), after, faults)
          .isBefore(deadline);
      Pause.briefly();
    }
  }

  private long waiting(List<Integer> before) {
    return IntStream.range(0, read.size()).filter(n -> read.get(n).get() <= before.get(n)).count();
  }

  /// How many sessions were left by their own programs.
  int visits() {
    return visits.get();
  }

  int results() {
    return read.stream().mapToInt(AtomicInteger::get).sum();
  }

  /// What kept somebody out, or ended a session.
  List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    leaves();
  }

  /// Has all of them leave, and waits until they have.
  void leaves() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(READS_ON_WITHIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
