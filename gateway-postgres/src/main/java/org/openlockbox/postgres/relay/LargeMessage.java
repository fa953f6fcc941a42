package org.openlockbox.postgres.relay;

import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.RowCheck;

/// A message of the database's that is too large to be held, of which the rest has still to come.
/// It goes in pieces, each by the rule for a whole one.
///
/// | state | a piece is checked as a row's | committed to | released |
/// |---|---|---|---|
/// | `NONE` | there is none | | |
/// | `ROW` | yes | yes | yes, up to its last byte |
/// | `COPIED` | no | yes | yes, up to its last byte |
/// | `WITHHELD_ROW` | yes | no | no |
/// | `WITHHELD` | no | no | no |
///
/// `NONE` goes to any of the others when such a message begins, and these back to `NONE` with its
/// last byte. What the client gets of a batch changes between two messages only ([ResultRecorder]),
/// so a message stays what it is when it begins.
final class LargeMessage {
  private enum MessageState {
    NONE,
    ROW,
    COPIED,
    WITHHELD_ROW,
    WITHHELD
  }

  private final RowCheck rows;
  private final ResultRecorder results;
  private MessageState state = MessageState.NONE;
  private int missing;

  LargeMessage(RowCheck rows, ResultRecorder results) {
    this.rows = rows;
    this.results = results;
  }

  /// The current message is a row or copied data.
  void beginRow(MessageBuffer buffer) {
    boolean row = buffer.type() == 'D';
    if (results.areWithheld()) {
      begin(row ? MessageState.WITHHELD_ROW : MessageState.WITHHELD, buffer);
    } else {
      begin(row ? MessageState.ROW : MessageState.COPIED, buffer);
    }
  }

  /// The current message is a text, which another stands for.
  void beginText(MessageBuffer buffer) {
    begin(MessageState.WITHHELD, buffer);
  }

  private void begin(MessageState as, MessageBuffer buffer) {
    state = as;
    missing = buffer.enterPartial();
  }

  boolean isUnderWay() {
    return state != MessageState.NONE;
  }

  /// Whether its pieces may be released as they come.
  boolean isReleased() {
    return switch (state) {
      case ROW, COPIED -> true;
      case NONE, WITHHELD_ROW, WITHHELD -> false;
    };
  }

  /// Takes what has come of it.
  void pass(MessageBuffer buffer) {
    switch (state) {
      case NONE -> {
        return;
      }
      case ROW -> {
        int passed = next(buffer);
        buffer.checkPassed(rows, passed);
        buffer.digestPassed(results.commitment(), passed);
      }
      case COPIED -> {
        int passed = next(buffer);
        buffer.digestPassed(results.commitment(), passed);
      }
      case WITHHELD_ROW -> {
        buffer.checkPassed(rows, next(buffer));
        buffer.drop();
      }
      case WITHHELD -> {
        next(buffer);
        buffer.drop();
      }
    }
    if (missing == 0) {
      state = MessageState.NONE;
    }
  }

  private int next(MessageBuffer buffer) {
    int passed = buffer.pass(missing);
    missing -= passed;
    return passed;
  }
}
