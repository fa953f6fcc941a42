package org.openlockbox.server.log.checkpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.database.DatabaseOutage;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.LogGrowth;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.log.head.SigningState;
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
  static final Duration GATHER = Duration.ofMillis(80);

  private static final int AT_ONCE = 64;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointSigner.class);

  /// One processor is left to those who append, where there are two.
  private static final int SIGNERS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  /// A log that has grown, and since when it waits.
  private record UnsignedGrowth(LogGrowth growth, long since) {
    UnsignedGrowth and(LogGrowth more) {
      return new UnsignedGrowth(growth.and(more), since);
    }
  }

  private final Database database;
  private final JdbcClient jdbc;
  private final CheckpointRows rows;
  private final CheckpointPairs pairs;
  private final Checkpoints checkpoints;
  private final SigningState signing;
  private final HeadsInDoubt inDoubt;
  private final RepeatedFailure failure = new RepeatedFailure(LOG);
  private final LinkedHashMap<TenantId, UnsignedGrowth> waiting = new LinkedHashMap<>();

  /// Logs that could not be signed by themselves, each until it is tried again: by itself, so that
  /// one that is damaged keeps no other from being signed.
  private final LinkedHashMap<TenantId, UnsignedGrowth> postponed = new LinkedHashMap<>();

  private final List<Thread> threads = new ArrayList<>();
  private Map<TenantId, Long> left = Map.of();
  private volatile LongConsumer whenSigned = _ -> {};
  private boolean postponedAreNext;
  private boolean closed;

  public CheckpointSigner(Database database, LogKeys keys, HeadGuard guard, SigningState signing) {
    this.database = database;
    this.jdbc = database.statements();
    this.signing = signing;
    this.rows = new CheckpointRows(jdbc);
    this.inDoubt = new HeadsInDoubt(jdbc, guard);
    this.pairs = new CheckpointPairs(new LogReader(jdbc), keys);
    this.checkpoints = new Checkpoints(jdbc, pairs, guard);
  }

  /// Which pair signs which log; one for all who sign here.
  public CheckpointPairs pairs() {
    return pairs;
  }

  /// Logs may not be what they were: another PostgreSQL answers, or one was recovered.
  public void forget() {
    pairs.forget();
  }

  /// Tells, for all logs that are signed together, how long the first of them waited.
  public void tellWaits(LongConsumer listener) {
    whenSigned = listener;
  }

  /// For how long the log has waited that waits longest, as far as this server knows.
  public synchronized Duration longestWait() {
    return waiting.values().stream()
        .findFirst()
        .map(oldest -> Duration.ofNanos(Math.max(0, System.nanoTime() - oldest.since)))
        .orElse(Duration.ZERO);
  }

  public CheckpointSigner start() {
    for (int n = 0; n < SIGNERS; n++) {
      threads.add(Thread.ofPlatform().daemon().name("sign-" + n).start(this::run));
    }
    return this;
  }

  /// Whether all that sign are there.
  public boolean isRunning() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  /// Remembers a log to sign.
  public synchronized void note(LogGrowth growth) {
    var tenant = growth.tenant();
    var known = waiting.get(tenant);
    if (postponed.containsKey(tenant)) {
      postponed.computeIfPresent(tenant, (_, one) -> one.and(growth));
    } else if (known == null) {
      waiting.put(tenant, new UnsignedGrowth(growth, System.nanoTime()));
      notifyAll();
    } else {
      waiting.put(tenant, known.and(growth));
    }
  }

  private void run() {
    try {
      while (!signNext()) {
        // until it is closed
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// True when closed. Whatever goes wrong, the thread goes on; logs that were lost by it are found
  /// at the next look ([#signLeft]).
  private boolean signNext() throws InterruptedException {
    try {
      var due = due();
      if (due.isEmpty()) {
        return true;
      }
      long began = System.nanoTime();
      sign(due);
      whenSigned.accept(GATHER.toNanos() + System.nanoTime() - began);
    } catch (RuntimeException | Error e) {
      failure.tellIfPossible("a signer of checkpoints failed and goes on", e);
      Thread.sleep(PAUSE);
    }
    return false;
  }

  private void sign(List<LogGrowth> due) throws InterruptedException {
    try {
      checkpoints.publish(due);
    } catch (SignedHeads.HeadsNotWritable told) {
      again(due);
    } catch (RuntimeException | Error e) {
      if (e instanceof RuntimeException outage && isOfAll(outage)) {
        failure.tell("signing checkpoints failed and will be tried again", e);
        again(due);
      } else if (due.size() > 1) {
        for (var one : due) {
          sign(List.of(one));
        }
      } else {
        var origin = due.getFirst().origin();
        failure.tell("a checkpoint of " + origin + " failed and will be tried again", e);
        postpone(due.getFirst());
      }
    }
  }

  /// Whether trying each log by itself would not help.
  private boolean isOfAll(RuntimeException e) {
    return DatabaseOutage.isOfAll(e, () -> DatabaseOutage.isOver(jdbc));
  }

  private void again(List<LogGrowth> due) throws InterruptedException {
    Thread.sleep(PAUSE);
    due.forEach(this::note);
  }

  /// Another signer may have postponed the same log meanwhile, with entries of its own.
  synchronized void postpone(LogGrowth growth) {
    var until = new UnsignedGrowth(growth, System.nanoTime() + PAUSE.toNanos());
    var meanwhile = waiting.remove(growth.tenant());
    postponed.merge(
        growth.tenant(),
        meanwhile == null ? until : until.and(meanwhile.growth),
        (known, more) -> known.and(more.growth));
  }

  /// The log that was postponed first, once its time has come.
  private List<LogGrowth> tryAgain(long now) {
    var first = postponed.values().stream().findFirst().filter(one -> one.since - now <= 0);
    first.ifPresent(one -> postponed.remove(one.growth.tenant()));
    return first.map(UnsignedGrowth::growth).stream().toList();
  }

  /// The logs that have waited longest, once they have waited long enough, or one that was
  /// postponed; none when closed.
  synchronized List<LogGrowth> due() throws InterruptedException {
    List<LogGrowth> due = List.of();
    while (!closed && due.isEmpty()) {
      long now = System.nanoTime();
      postponedAreNext = !postponedAreNext;
      due = postponedAreNext ? tryAgain(now) : List.of();
      due = due.isEmpty() ? gathered(now) : due;
      due = due.isEmpty() ? tryAgain(now) : due;
      if (due.isEmpty()) {
        TimeUnit.NANOSECONDS.timedWait(this, untilNext(now));
      }
    }
    return closed ? List.of() : due;
  }

  private List<LogGrowth> gathered(long now) {
    var due = new ArrayList<LogGrowth>();
    var oldest = waiting.values().iterator();
    while (oldest.hasNext() && due.size() < AT_ONCE) {
      var next = oldest.next();
      if (next.since + GATHER.toNanos() - now > 0) {
        break;
      }
      due.add(next.growth);
      oldest.remove();
    }
    return due;
  }

  private long untilNext(long now) {
    return waiting.values().stream()
        .findFirst()
        .map(oldest -> oldest.since + GATHER.toNanos() - now)
        .orElse(PAUSE.toNanos());
  }

  /// Nobody knows whether the transaction committed in which these heads were signed.
  public void doubt(Map<String, SignedHeads.TreeHead> signed) {
    inDoubt.add(signed);
  }

  /// Has every log signed that is longer than its checkpoint and does not wait already, and
  /// remembers what was signed in commits whose answer was lost. What a head shows may be less
  /// durable than a commit; it is signed once it is durable.
  public void signLeft() {
    signing.tryAgain();
    for (var log : database.onOneConnection(this::durable)) {
      var head = log.head();
      var now = SignedHeads.TreeHead.of(head.range());
      noteIfNew(new LogGrowth(head.tenant(), head.origin(), now, now, log.keyringSeq()));
    }
  }

  /// The logs that are longer than their checkpoints. The same PostgreSQL that shows them, and what
  /// has become of heads in doubt, says that it is durable.
  private List<CheckpointRows.UnpublishedLog> durable() {
    var unpublished = rows.unpublished();
    lookWhatIsLeft(unpublished);
    var doubted = inDoubt.look();
    if (!unpublished.isEmpty() || !doubted.isEmpty()) {
      Database.awaitReplication(jdbc);
      inDoubt.settle(doubted);
    }
    return unpublished;
  }

  /// Whether what waited at the last look waits still, on whichever server.
  private void lookWhatIsLeft(List<CheckpointRows.UnpublishedLog> unpublished) {
    var before = left;
    signing.left(
        unpublished.stream()
            .anyMatch(log -> log.signed() < before.getOrDefault(log.head().tenant(), 0L)));
    left =
        unpublished.stream()
            .collect(
                Collectors.toMap(log -> log.head().tenant(), log -> log.head().range().size()));
  }

  private synchronized void noteIfNew(LogGrowth growth) {
    if (!waiting.containsKey(growth.tenant()) && !postponed.containsKey(growth.tenant())) {
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
