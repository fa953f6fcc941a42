package org.openlockbox.server.problem;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/// Tells an outage from a fault.
public final class Outage {
  private Outage() {}

  /// Whether the database is away, or went away in the middle (then Spring speaks of the rollback
  /// that failed): nobody knows whether the transaction committed, and the caller tries again.
  public static boolean isOne(Exception e) {
    return e instanceof DataAccessResourceFailureException
        || e instanceof TransientDataAccessException
        || e instanceof CannotCreateTransactionException
        || e instanceof TransactionSystemException;
  }
}
