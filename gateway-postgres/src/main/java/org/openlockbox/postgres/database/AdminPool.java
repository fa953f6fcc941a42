package org.openlockbox.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A few connections of the gateway's own login role. Work is repeated once on a fresh connection
/// when the old one turned out dead, and up to [#ATTEMPTS] times when the database says that two
/// changes of roles met; so work must be harmless to repeat after an error of these two kinds. Once
/// it is closed no work begins.
final class AdminPool implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final int PATIENCE_SECONDS = 10;

  private final AdminConnections connections;
  private final Semaphore places;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Work on a connection that answers with a value.
  @FunctionalInterface
  interface ConnectionWork<T> {
    T on(Connection connection) throws SQLException;
  }

  /// @param width how many connections work at one time
  AdminPool(AdminConnections connections, int width) {
    this.connections = connections;
    this.places = new Semaphore(width);
  }

  <T> T use(ConnectionWork<T> work) throws SQLException {
    try {
      if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new SQLException("all connections to the database are busy", "53300");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", "57014", e);
    }
    try {
      return repeatedly(work);
    } finally {
      places.release();
    }
  }

  private <T> T repeatedly(ConnectionWork<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (attempt >= ATTEMPTS || closed.get() || !passing(e)) {
          throw e;
        }
      }
    }
  }

  private <T> T once(ConnectionWork<T> work) throws SQLException {
    Connection connection = idle.pollFirst();
    if (connection == null) {
      connection = connections.dial();
    }
    boolean healthy = false;
    try {
      if (closed.get()) {
        throw new SQLException("the gateway is stopping");
      }
      T answer = work.on(connection);
      healthy = true;
      return answer;
    } catch (SQLException e) {
      healthy = !isConnectionLoss(e);
      throw e;
    } finally {
      giveBack(connection, healthy);
    }
  }

  private void giveBack(Connection connection, boolean healthy) throws SQLException {
    if (healthy && !closed.get() && !connection.isClosed()) {
      idle.addFirst(connection);
    } else {
      connection.close();
    }
  }

  /// A lost connection, or "tuple concurrently updated" and its like.
  private static boolean passing(SQLException e) {
    String state = e.getSQLState();
    return isConnectionLoss(e)
        || "40001".equals(state)
        || "40P01".equals(state)
        || ("XX000".equals(state) && String.valueOf(e.getMessage()).contains("concurrently"));
  }

  private static boolean isConnectionLoss(SQLException e) {
    @Nullable String state = e.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }

  @Override
  public void close() {
    closed.set(true);
    for (Connection each = idle.poll(); each != null; each = idle.poll()) {
      try {
        each.close();
      } catch (SQLException e) {
        // The connection is being thrown away; the server notices by itself.
      }
    }
  }
}
