package org.openlockbox.postgres.relay;

import org.openlockbox.postgres.wire.WireViolation;

/// Which way the database copies (PostgreSQL documentation, "COPY Operations"). Both ways at once
/// is replication's; no session has it.
///
/// | state | may be released in it |
/// |---|---|
/// | `NONE` | no CopyData, either way |
/// | `OUT` | CopyData of the database to the client |
/// | `IN` | CopyData of the client to the database, and of the client nothing else but its end |
///
/// | from | by | to |
/// |---|---|---|
/// | `NONE`, `OUT` | CopyOutResponse | `OUT` |
/// | `NONE`, `IN` | CopyInResponse | `IN` |
/// | `OUT` | CopyDone of the database, or the command is complete | `NONE` |
/// | `IN` | CopyDone or CopyFail of the client | `NONE` |
/// | `OUT`, `IN` | an error, or ReadyForQuery | `NONE` |
///
/// One way announced within the other is a violation.
enum CopyPhase {
  NONE,
  OUT,
  IN;

  CopyPhase beginOut() {
    return switch (this) {
      case NONE, OUT -> OUT;
      case IN -> throw new WireViolation("the database copies out while it copies in");
    };
  }

  CopyPhase beginIn() {
    return switch (this) {
      case NONE, IN -> IN;
      case OUT -> throw new WireViolation("the database copies in while it copies out");
    };
  }

  /// The database has sent all, or has completed a command. What the client copies in ends by its
  /// own word.
  CopyPhase endOut() {
    return switch (this) {
      case NONE, OUT -> NONE;
      case IN -> IN;
    };
  }
}
