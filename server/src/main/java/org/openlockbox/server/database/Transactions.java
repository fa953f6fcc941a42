package org.openlockbox.server.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Commits, and reads what PostgreSQL says beside its word: a commit with a warning has not
/// happened for the caller until a barrier confirms it. Costs no round trip where there is none.
final class Transactions extends JdbcTransactionManager {
  private static final long serialVersionUID = 1;

  private final transient Replication replication;

  Transactions(DataSource connections, Replication replication) {
    super(connections);
    this.replication = replication;
  }

  @Override
  protected void doCommit(DefaultTransactionStatus status) {
    try {
      super.doCommit(status);
    } catch (DataAccessException e) {
      replication.doubt();
      throw e;
    }
    var connection = connection();
    try {
      if (connection.getWarnings() != null) {
        tellOfLocalCommit();
        replication.confirm(connection);
      }
    } catch (SQLException e) {
      throw new UnknownCommit(e);
    }
  }

  /// Marks a transaction whose refusal is an answer from what is there already.
  static final class Refusable implements TransactionSynchronization {}

  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    super.doRollback(status);
    if (isRefusable()) {
      try {
        replication.confirm(connection());
      } catch (SQLException e) {
        throw new UnknownCommit(e);
      }
    }
  }

  private static boolean isRefusable() {
    return TransactionSynchronizationManager.isSynchronizationActive()
        && TransactionSynchronizationManager.getSynchronizations().stream()
            .anyMatch(Refusable.class::isInstance);
  }

  private Connection connection() {
    var holder = TransactionSynchronizationManager.getResource(obtainDataSource());
    return ((ConnectionHolder) Objects.requireNonNull(holder)).getConnection();
  }

  private static void tellOfLocalCommit() {
    for (var work : TransactionSynchronizationManager.getSynchronizations()) {
      if (work instanceof LocalCommit local) {
        local.committedHere();
      }
    }
  }
}
