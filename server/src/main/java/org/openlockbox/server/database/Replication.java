package org.openlockbox.server.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether what the database shows this server is as durable as a commit.
///
/// PostgreSQL can show commits that its synchronous standbys do not have. A cancelled wait answers
/// the commit with a warning (SQLSTATE 01000, "might not have been replicated to the standby"). A
/// restarted primary shows all of its own disk. Both are *in doubt*: the commit took effect here,
/// and a failover would lose it.
///
/// A *barrier* ends the doubt: a small transaction that waits for the standbys like any other. When
/// it is confirmed, everything that was visible before it is durable as well. While this server is
/// in doubt, whoever takes one of its connections waits for a barrier first, a few seconds at most,
/// and is told of an outage if there is none. So nothing is answered, signed or released meanwhile.
final class Replication {
  /// Writes one record to the write-ahead log, and nothing to a table. A transaction that writes
  /// nothing would wait for nobody.
  static final String BARRIER = "select pg_logical_emit_message(true, 'lockbox', '')::text";

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

  private final ReentrantLock settling = new ReentrantLock();

  /// How often there was reason for doubt.
  private final AtomicLong raised = new AtomicLong();

  /// Up to which of them a barrier that began later was confirmed.
  private volatile long settled;

  /// The connection to the database broke, or a commit was not confirmed: what is seen next may be
  /// less durable than it looks.
  void doubt() {
    raised.incrementAndGet();
  }

  /// Returns at once if there is no doubt; else when a barrier has ended it.
  void settle(Connection connection) throws SQLException {
    if (settled != raised.get()) {
      settleDoubt(connection);
    }
  }

  private void settleDoubt(Connection connection) throws SQLException {
    if (!isMine()) {
      throw unknown();
    }
    try {
      long mine = raised.get();
      if (settled != mine) {
        confirm(connection);
        settled = mine;
      }
    } finally {
      settling.unlock();
    }
  }

  private boolean isMine() {
    try {
      return settling.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// After a commit that PostgreSQL answered with a warning: returns when a barrier has confirmed
  /// it. Throws if none did; from then on this server is in doubt.
  void confirm(Connection connection) throws SQLException {
    boolean confirmed = false;
    try {
      confirmed = barrier(connection);
    } catch (SQLTimeoutException e) {
      LOG.debug("a barrier took too long: {}", e.toString());
    } finally {
      if (!confirmed) {
        doubt();
      }
    }
    if (!confirmed) {
      throw unknown();
    }
  }

  /// No transaction is open. A commit by itself has no time limit, a statement has.
  private static boolean barrier(Connection connection) throws SQLException {
    boolean before = connection.getAutoCommit();
    connection.setAutoCommit(true);
    connection.clearWarnings();
    try (var statement = connection.createStatement()) {
      statement.setQueryTimeout((int) PATIENCE.toSeconds());
      statement.execute(BARRIER);
      return statement.getWarnings() == null && connection.getWarnings() == null;
    } finally {
      connection.setAutoCommit(before);
    }
  }

  private static SQLException unknown() {
    return new SQLException(
        "a commit is not confirmed: PostgreSQL's synchronous standbys may not have it", "08007");
  }
}
