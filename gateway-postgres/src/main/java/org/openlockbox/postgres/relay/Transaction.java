package org.openlockbox.postgres.relay;

import org.openlockbox.postgres.wire.WireViolation;

/// Whether the session is in a transaction, as far as command tags and errors tell. A ReadyForQuery
/// that says what cannot have come of them is no answer of PostgreSQL's.
final class Transaction {
  private static final byte IDLE = 'I';
  private static final byte OPEN = 'T';
  private static final byte FAILED = 'E';

  private byte status = IDLE;
  private boolean began;
  private boolean ended;
  private boolean failed;

  void completed(String tag) {
    switch (tag) {
      case "BEGIN", "START TRANSACTION" -> began = true;
      case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION" -> ended = true;
      default -> {}
    }
  }

  void failed() {
    failed = true;
  }

  /// True if no transaction is open any more.
  boolean ready(byte now) {
    if (!follows(now)) {
      throw new WireViolation("the database's transaction status does not follow from its answers");
    }
    status = now;
    began = false;
    ended = false;
    failed = false;
    return now == IDLE;
  }

  /// ROLLBACK TO and COMMIT AND CHAIN have the tags of what ends a transaction, and leave it open.
  private boolean follows(byte now) {
    boolean open = status != IDLE || began;
    return switch (now) {
      case IDLE -> !open || ended || (failed && status != FAILED);
      case OPEN -> open && (status != FAILED || ended);
      case FAILED -> open && (status == FAILED || failed);
      default -> false;
    };
  }
}
