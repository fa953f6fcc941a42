package org.openlockbox.server.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Proof that the database that this server asks is the primary that its synchronous standbys
/// follow. Another one, from which the standbys have turned away, answers every read as if nothing
/// had happened, and does not know what was revoked since.
///
/// A *beat* is a small transaction that waits for the standbys, as any commit does. No standby
/// confirms it after it was promoted. So whoever asked before a beat began that was confirmed had
/// asked the primary, if the same PostgreSQL answered both. One beat serves all who asked before it
/// began.
///
/// After a failover some connections may lead to the old primary and others to the new one. A beat
/// proves nothing of what another PostgreSQL answered. Whenever that happens, or no beat is
/// confirmed, all connections are replaced.
public final class StandbyProof {
  /// An SQL expression: the [Instance] that answers.
  public static final String INSTANCE =
      "pg_postmaster_start_time()::text || ' ' || pg_is_in_recovery()";

  /// Waits for the standbys also on a connection whose commits wait for nobody.
  private static final String BEAT =
      """
      select set_config('synchronous_commit', 'on', true),
             pg_logical_emit_message(true, 'lockbox-beat', '')::text,
             %s as instance
      """
          .formatted(INSTANCE);

  private static final int SECONDS = 1;

  /// Says nothing for longer than PostgreSQL has to give the beat up: the connection hangs.
  private static final int HUNG_MILLIS = 2_000;

  private static final long EVICT_AGAIN = Duration.ofSeconds(1).toNanos();
  private static final Logger LOG = LoggerFactory.getLogger(StandbyProof.class);

  private final DataSource connections;
  private final Runnable evict;
  private final List<BeatTurn> turns;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicReference<Beat> confirmed =
      new AtomicReference<>(new Beat(0, new Instance("")));
  private final AtomicLong evicted = new AtomicLong(System.nanoTime() - EVICT_AGAIN);

  /// @param evict replaces the connections by new ones, each once nobody uses it
  /// @param patience how long who asks waits for the beats of others; for one beat half as long,
  ///   then another one begins beside it, because its connection may hang
  StandbyProof(DataSource connections, Runnable evict, Duration patience) {
    this.connections = connections;
    this.evict = evict;
    this.turns =
        List.of(
            new BeatTurn(new ReentrantLock(), patience.dividedBy(2)),
            new BeatTurn(new ReentrantLock(), patience.dividedBy(2)));
  }

  /// The moment of a question: how many beats had begun by then.
  public record QuestionTime(long beats) {}

  /// Which start of which PostgreSQL answers, and whether it follows another one. A standby that is
  /// promoted is another one from then on: it may have answered before it had replayed everything.
  public record Instance(String value) {}

  /// A beat that the standbys of this instance confirmed.
  private record Beat(long number, Instance instance) {
    boolean proves(QuestionTime question, Instance answered) {
      return number > question.beats && instance.equals(answered);
    }
  }

  /// One of the beats that may be under way at the same time.
  private record BeatTurn(ReentrantLock beating, Duration patience) {
    boolean isMine() {
      try {
        return beating.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /// That somebody asks now.
  public QuestionTime question() {
    return new QuestionTime(begun.get());
  }

  /// Whether the standbys have confirmed a beat that began after this question.
  ///
  /// @param answered the instance that the answer is from
  public boolean isConfirmed(QuestionTime question, Instance answered) {
    for (var turn : turns) {
      if (confirmed.get().proves(question, answered)) {
        return true;
      }
      if (turn.isMine()) {
        try {
          return confirmed.get().proves(question, answered) || beat(answered);
        } finally {
          turn.beating.unlock();
        }
      }
    }
    return confirmed.get().proves(question, answered);
  }

  private boolean beat(Instance answered) {
    long mine = begun.incrementAndGet();
    var instance = confirmedBy();
    instance.ifPresent(
        by ->
            confirmed.accumulateAndGet(
                new Beat(mine, by), (one, other) -> one.number > other.number ? one : other));
    boolean proven = instance.filter(answered::equals).isPresent();
    if (!proven) {
      evict();
    }
    return proven;
  }

  /// The instance whose standbys confirm a beat that begins now.
  private Optional<Instance> confirmedBy() {
    try (var connection = connections.getConnection();
        var statement = connection.createStatement()) {
      connection.clearWarnings();
      connection.setNetworkTimeout(Runnable::run, HUNG_MILLIS);
      statement.setQueryTimeout(SECONDS);
      try (var row = statement.executeQuery(BEAT)) {
        row.next();
        boolean done = statement.getWarnings() == null && connection.getWarnings() == null;
        return done ? Optional.of(new Instance(row.getString("instance"))) : Optional.empty();
      }
    } catch (SQLException e) {
      LOG.debug("a beat failed: {}", e.toString());
      return Optional.empty();
    }
  }

  /// At most once a second: while no standby answers, every question fails.
  private void evict() {
    long now = System.nanoTime();
    long before = evicted.get();
    if (now - before >= EVICT_AGAIN && evicted.compareAndSet(before, now)) {
      evict.run();
    }
  }
}
