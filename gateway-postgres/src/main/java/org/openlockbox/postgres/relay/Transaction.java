package org.openlockbox.postgres.relay;

import org.openlockbox.postgres.wire.WireViolation;

/// Whether the session is in a transaction, as far as command tags and errors tell. A ReadyForQuery
/// that says what cannot have come of them is no answer of PostgreSQL's.
///
/// | state | ReadyForQuery may say | BEGIN | COMMIT, ROLLBACK | an error |
/// |---|---|---|---|---|
/// | `IDLE` | idle | `OPEN` | | |
/// | `OPEN` | open | | `IDLE_OR_OPEN` | `ANY` |
/// | `FAILED` | failed | | `ANY` | |
/// | `IDLE_OR_OPEN` | idle, open | | | `ANY` |
/// | `ANY` | idle, open, failed | | | |
///
/// ROLLBACK TO and COMMIT AND CHAIN have the tags of what ends a transaction, and leave it open. An
/// error ends one that began in the same batch, or leaves it failed. ReadyForQuery leads to the
/// state that it says.
final class Transaction {
  private enum TransactionState {
    IDLE("I"),
    OPEN("T"),
    FAILED("E"),
    IDLE_OR_OPEN("IT"),
    ANY("ITE");

    private final String said;

    TransactionState(String said) {
      this.said = said;
    }

    boolean mayBe(byte now) {
      return said.indexOf(now) >= 0;
    }

    TransactionState begun() {
      return switch (this) {
        case IDLE -> OPEN;
        case OPEN, FAILED, IDLE_OR_OPEN, ANY -> this;
      };
    }

    TransactionState ended() {
      return switch (this) {
        case OPEN -> IDLE_OR_OPEN;
        case FAILED -> ANY;
        case IDLE, IDLE_OR_OPEN, ANY -> this;
      };
    }

    TransactionState failed() {
      return switch (this) {
        case OPEN, IDLE_OR_OPEN -> ANY;
        case IDLE, FAILED, ANY -> this;
      };
    }
  }

  private TransactionState state = TransactionState.IDLE;

  void completed(String tag) {
    switch (tag) {
      case "BEGIN", "START TRANSACTION" -> state = state.begun();
      case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION" -> state = state.ended();
      default -> {}
    }
  }

  void failed() {
    state = state.failed();
  }

  /// True if no transaction is open any more.
  boolean ready(byte now) {
    if (!state.mayBe(now)) {
      throw new WireViolation("the database's transaction status does not follow from its answers");
    }
    state =
        switch (now) {
          case 'I' -> TransactionState.IDLE;
          case 'T' -> TransactionState.OPEN;
          default -> TransactionState.FAILED;
        };
    return state == TransactionState.IDLE;
  }
}
