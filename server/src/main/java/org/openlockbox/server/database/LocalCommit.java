package org.openlockbox.server.database;

import org.springframework.transaction.support.TransactionSynchronization;

/// Work for after a commit that also has something to say of one that is in doubt: others can see
/// what was written, and nobody knows whether it lasts.
public interface LocalCommit extends TransactionSynchronization {
  /// It took effect on this primary; called before anybody waits for the standbys.
  void committedHere();
}
