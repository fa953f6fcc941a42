package org.openlockbox.server.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
/// asked the primary. One beat serves all who asked before it began.
public final class StandbyProof {
  /// Waits for the standbys also on a connection whose commits wait for nobody.
  private static final String BEAT =
      """
      select set_config('synchronous_commit', 'on', true),
             pg_logical_emit_message(true, 'lockbox-beat', '')::text
      """;

  private static final int SECONDS = 1;
  private static final Logger LOG = LoggerFactory.getLogger(StandbyProof.class);

  private final DataSource connections;
  private final Duration patience;
  private final ReentrantLock beating = new ReentrantLock();
  private final AtomicLong begun = new AtomicLong();
  private volatile long confirmed;

  /// @param patience how long who asks waits for the beat of somebody else
  StandbyProof(DataSource connections, Duration patience) {
    this.connections = connections;
    this.patience = patience;
  }

  /// The moment of a question: how many beats had begun by then.
  public record Question(long beats) {}

  /// That somebody asks now.
  public Question question() {
    return new Question(begun.get());
  }

  /// Whether the standbys have confirmed a beat that began after this question.
  public boolean isConfirmed(Question question) {
    if (confirmed > question.beats) {
      return true;
    }
    if (!isMine()) {
      return false;
    }
    try {
      return confirmed > question.beats || beat();
    } finally {
      beating.unlock();
    }
  }

  private boolean isMine() {
    try {
      return beating.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean beat() {
    long mine = begun.incrementAndGet();
    try (var connection = connections.getConnection();
        var statement = connection.createStatement()) {
      connection.clearWarnings();
      statement.setQueryTimeout(SECONDS);
      statement.execute(BEAT);
      boolean done = statement.getWarnings() == null && connection.getWarnings() == null;
      if (done) {
        confirmed = mine;
      }
      return done;
    } catch (SQLException e) {
      LOG.debug("a beat failed: {}", e.toString());
      return false;
    }
  }
}
