package org.openlockbox.postgres.batch;

/// How far a [QueryBatch] is, for the client that fills it and for the server that answers it
/// (PostgreSQL documentation, "Extended Query" and "Pipelining").
///
/// | state | the client adds to it | the server |
/// |---|---|---|
/// | `OPEN` | messages | runs them |
/// | `FAILED_FOR_CLIENT` | messages; a simple query is skipped | runs them |
/// | `FAILED` | messages, which are skipped | skips all up to the Sync |
/// | `UNDECIDED` | nothing | is about to say whether a simple query runs |
/// | `ENDED` | nothing more | runs what is there, and is ready at its end |
/// | `ENDED_FAILED` | nothing more | skips the rest up to the Sync, and is ready there |
/// | `SYNC_DUE` | nothing more | skips all up to a Sync, which the gateway has to send |
///
/// | from | by | to |
/// |---|---|---|
/// | `OPEN`, `FAILED_FOR_CLIENT` | the client's Sync, or its simple query alone | `ENDED` |
/// | `OPEN` | an error that the client alone is told | `FAILED_FOR_CLIENT` |
/// | `OPEN`, `FAILED_FOR_CLIENT` | an error of the server | `FAILED` |
/// | `OPEN` | a simple query inside it | `UNDECIDED` |
/// | `FAILED` | the client's Sync | `ENDED_FAILED` |
/// | `UNDECIDED` | the answer to the Close before the query | `ENDED` |
/// | `UNDECIDED` | an error in the place of that answer | `SYNC_DUE` |
/// | `ENDED` | an error of the server | `ENDED_FAILED` |
/// | `SYNC_DUE` | the gateway's Sync is sent | `ENDED_FAILED` |
///
/// ReadyForQuery removes a batch that is `ENDED` or `ENDED_FAILED`; in any other state it is a
/// violation.
enum BatchPhase {
  OPEN,
  FAILED_FOR_CLIENT,
  FAILED,
  UNDECIDED,
  ENDED,
  ENDED_FAILED,
  SYNC_DUE;

  /// The client adds nothing more.
  BatchPhase end() {
    return switch (this) {
      case OPEN, FAILED_FOR_CLIENT, UNDECIDED -> ENDED;
      case FAILED -> ENDED_FAILED;
      case ENDED, ENDED_FAILED, SYNC_DUE -> throw new IllegalStateException("ended already");
    };
  }

  /// A simple query goes into the batch behind a Close, whose answer decides.
  BatchPhase queryFollows() {
    return switch (this) {
      case OPEN -> UNDECIDED;
      case FAILED_FOR_CLIENT, FAILED, UNDECIDED, ENDED, ENDED_FAILED, SYNC_DUE ->
          throw new IllegalStateException("a query that does not run here: " + this);
    };
  }

  /// The client is told of an error that the server knows nothing of. Behind the end of a batch
  /// that changes nothing.
  BatchPhase tellClientOfError() {
    return switch (this) {
      case OPEN, FAILED_FOR_CLIENT -> FAILED_FOR_CLIENT;
      case FAILED, UNDECIDED, ENDED, ENDED_FAILED, SYNC_DUE -> this;
    };
  }

  /// The server answers with an error: the first one of a batch counts.
  BatchPhase fail() {
    return switch (this) {
      case OPEN, FAILED_FOR_CLIENT -> FAILED;
      case UNDECIDED -> SYNC_DUE;
      case ENDED -> ENDED_FAILED;
      case FAILED, ENDED_FAILED, SYNC_DUE -> this;
    };
  }

  /// The Sync that the gateway owed is sent.
  BatchPhase sendSync() {
    return this == SYNC_DUE ? ENDED_FAILED : this;
  }

  /// Whether messages may still be added, or a query of the client is undecided in it.
  boolean isOpen() {
    return switch (this) {
      case OPEN, FAILED_FOR_CLIENT, FAILED, UNDECIDED -> true;
      case ENDED, ENDED_FAILED, SYNC_DUE -> false;
    };
  }

  /// Whether the server skips what it has not answered.
  boolean hasFailed() {
    return switch (this) {
      case FAILED, ENDED_FAILED, SYNC_DUE -> true;
      case OPEN, FAILED_FOR_CLIENT, UNDECIDED, ENDED -> false;
    };
  }
}
