package org.openlockbox.postgres.relay;

import java.security.MessageDigest;
import java.util.Optional;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.tlog.tree.Hash;

/// What one statement's outcome commits to: the salt of its record, and behind it the rows that are
/// passed on, one after the other, as they are on the wire without their heads.
///
/// | state | what it holds |
/// |---|---|
/// | `NO_ROW` | nothing |
/// | `AHEAD` | rows, of which some have not been passed on |
/// | `PASSED` | rows, all of them passed on |
///
/// | from | by | to |
/// |---|---|---|
/// | `NO_ROW`, `PASSED` | a row, or a part of one ([#digest]) | `AHEAD` |
/// | `AHEAD` | all that was read is passed on ([#passed]) | `PASSED` |
/// | any | the outcome ([#take]) | `NO_ROW` |
final class RowCommitment {
  private enum CommitmentState {
    NO_ROW,
    AHEAD,
    PASSED
  }

  private final MessageDigest sha256 = Hash.begun();
  private Optional<MessageDigest> passedOn = Optional.empty();
  private CommitmentState state = CommitmentState.NO_ROW;

  /// Whether a salt has to go before what [#digest] takes in.
  boolean isEmpty() {
    return state == CommitmentState.NO_ROW;
  }

  /// Takes in the next bytes.
  MessageDigest digest() {
    state = CommitmentState.AHEAD;
    return sha256;
  }

  /// All that was taken in has been passed on.
  void passed() {
    if (state == CommitmentState.AHEAD) {
      passedOn = Optional.of(copy(sha256));
      state = CommitmentState.PASSED;
    }
  }

  /// As it was when all had been passed on the last time.
  Optional<MessageDigest> passedOn() {
    return passedOn;
  }

  /// Commits to all that was taken in, if there is anything, and begins anew.
  Optional<Commitment> take() {
    Optional<Commitment> all = isEmpty() ? Optional.empty() : Optional.of(of(sha256));
    passedOn = Optional.empty();
    state = CommitmentState.NO_ROW;
    return all;
  }

  static Commitment of(MessageDigest digest) {
    return new Commitment(Hash.of(digest.digest()));
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }
}
