package org.openlockbox.core.evidence;

import java.util.List;
import org.openlockbox.core.keyring.TextKind;

/// Which committed texts a bundle opens. The others stay commitments: the reader sees that there is
/// a text, and can check it against the log should it be shown later.
public enum Disclosure {
  /// None.
  NONE,
  /// What the approvers decided on: who asked, and why.
  DECISIONS,
  /// The statements and their parameters too.
  ALL;

  public static Disclosure parse(String word) {
    return switch (word) {
      case "none" -> NONE;
      case "decisions" -> DECISIONS;
      case "all" -> ALL;
      default -> throw new IllegalArgumentException("none, decisions or all, not '" + word + "'");
    };
  }

  /// Those commitments of this entry whose texts are among them.
  List<Commitment> of(EntryBody body) {
    return body.texts().stream()
        .filter(text -> opens(text.kind()))
        .map(CommittedText::commitment)
        .toList();
  }

  private boolean opens(TextKind kind) {
    return switch (kind) {
      case REASON, NAME -> this != NONE;
      case STATEMENT, PARAMETERS -> this == ALL;
    };
  }
}
