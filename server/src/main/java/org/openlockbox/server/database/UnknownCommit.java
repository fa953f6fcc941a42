package org.openlockbox.server.database;

import org.springframework.transaction.TransactionSystemException;

/// PostgreSQL committed, and could not say that its standbys have it: an outage, not an answer.
/// Whoever makes the same call again later finds out.
final class UnknownCommit extends TransactionSystemException {
  private static final long serialVersionUID = 1;

  UnknownCommit(Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
