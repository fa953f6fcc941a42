package org.openlockbox.server.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.problem.RepeatedFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Signs checkpoints over what was appended without one, off the append path. A log waits its turn
/// in the order in which logs began to wait; what it grows by meanwhile is signed along, so each
/// log is signed at most once a [#GATHER], and no more logs can wait than there are. When logs grow
/// faster than the two lines of each checkpoint can be made, they wait longer and more of their
/// entries share a checkpoint.
///
/// Another server may have died between its commit and its signature: [#signLeft] finds such logs.
/// Two servers signing the same log is harmless: a smaller size never replaces a larger one.
public final class CheckpointSigner implements AutoCloseable {
  /// How long a log waits for more entries before it is signed.
  public static final Duration GATHER = Duration.ofMillis(80);

  private static final int AT_ONCE = 64;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointSigner.class);

  /// One processor is left to those who append, where there are two.
  private static final int SIGNERS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  /// A log that has grown, and since when it waits.
  private record Unsigned(Growth growth, long since) {}

  private final JdbcClient jdbc;
  private final CheckpointRows rows;
  private final Checkpoints checkpoints;
  private final Signing signing;
  private final RepeatedFailure failure = new RepeatedFailure(LOG);
  private final LinkedHashMap<TenantId, Unsigned> waiting = new LinkedHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private Map<TenantId, Long> left = Map.of();
  private boolean closed;

  public CheckpointSigner(JdbcClient jdbc, LogKeys keys, HeadGuard guard, Signing signing) {
    this.jdbc = jdbc;
    this.signing = signing;
    this.rows = new CheckpointRows(jdbc);
    this.checkpoints = new Checkpoints(jdbc, keys, guard);
  }

  public CheckpointSigner start() {
    for (int n = 0; n < SIGNERS; n++) {
      threads.add(Thread.ofPlatform().daemon().name("sign-" + n).start(this::run));
    }
    return this;
  }

  /// Remembers a log to sign.
  synchronized void note(Growth growth) {
    var known = waiting.get(growth.tenant());
    if (known == null) {
      waiting.put(growth.tenant(), new Unsigned(growth, System.nanoTime()));
      notifyAll();
    } else {
      waiting.put(growth.tenant(), new Unsigned(known.growth.and(growth), known.since));
    }
  }

  private void run() {
    try {
      for (var due = due(); !due.isEmpty(); due = due()) {
        sign(due);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sign(List<Growth> due) throws InterruptedException {
    try {
      checkpoints.publish(due);
    } catch (SignedHeads.Unwritable told) {
      again(due);
    } catch (RuntimeException | Error e) {
      failure.tell("signing checkpoints failed and will be tried again", e);
      again(due);
    }
  }

  private void again(List<Growth> due) throws InterruptedException {
    Thread.sleep(PAUSE);
    due.forEach(this::note);
  }

  /// The logs that have waited longest, once they have waited long enough; none when closed.
  private synchronized List<Growth> due() throws InterruptedException {
    var due = new ArrayList<Growth>();
    while (!closed && due.isEmpty()) {
      long now = System.nanoTime();
      var oldest = waiting.values().iterator();
      long wait = PAUSE.toNanos();
      while (oldest.hasNext() && due.size() < AT_ONCE) {
        var next = oldest.next();
        wait = next.since + GATHER.toNanos() - now;
        if (wait > 0) {
          break;
        }
        due.add(next.growth);
        oldest.remove();
      }
      if (due.isEmpty()) {
        TimeUnit.NANOSECONDS.timedWait(this, wait);
      }
    }
    return closed ? List.of() : due;
  }

  /// Has every log signed that is longer than its checkpoint and does not wait already. What a head
  /// shows may be less durable than a commit; it is signed once it is durable.
  public void signLeft() {
    signing.tryAgain();
    var unpublished = rows.unpublished();
    lookWhatIsLeft(unpublished);
    if (unpublished.isEmpty()) {
      return;
    }
    Database.awaitReplication(jdbc);
    for (var log : unpublished) {
      var head = log.head();
      var now = SignedHeads.Head.of(head.range());
      noteIfNew(new Growth(head.tenant(), head.origin(), now, now));
    }
  }

  /// Whether what waited at the last look waits still, on whichever server.
  private void lookWhatIsLeft(List<CheckpointRows.Unpublished> unpublished) {
    var before = left;
    signing.left(
        unpublished.stream()
            .anyMatch(log -> log.signed() < before.getOrDefault(log.head().tenant(), 0L)));
    left =
        unpublished.stream()
            .collect(
                Collectors.toMap(log -> log.head().tenant(), log -> log.head().range().size()));
  }

  private synchronized void noteIfNew(Growth growth) {
    if (!waiting.containsKey(growth.tenant())) {
      note(growth);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    for (var thread : threads) {
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
