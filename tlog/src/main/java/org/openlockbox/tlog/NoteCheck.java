package org.openlockbox.tlog;

import java.util.List;

/// What came of verifying a note's signatures with the keys that the caller trusts.
public sealed interface NoteCheck {
  /// At least one known key signed this text, and no known key's line is false. Only
  /// [SignedNote#check] makes one.
  final class Valid implements NoteCheck {
    private final String text;
    private final List<NoteVerifier> by;

    Valid(String text, List<NoteVerifier> by) {
      this.text = text;
      this.by = List.copyOf(by);
    }

    public String text() {
      return text;
    }

    /// The known keys that signed, each once.
    public List<NoteVerifier> by() {
      return by;
    }
  }

  /// The note must not be used.
  record Invalid(String why) implements NoteCheck {}
}
