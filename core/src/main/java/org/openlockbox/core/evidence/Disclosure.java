package org.openlockbox.core.evidence;

import java.util.Optional;

/// Which committed texts a bundle opens. The others stay commitments: the reader sees that there is
/// a text, and can check it against the log should it be shown later.
public enum Disclosure {
  /// None.
  NONE,
  /// What the approvers decided on: the reason of the request.
  DECISIONS,
  /// The statements too.
  ALL;

  public static Disclosure parse(String word) {
    return switch (word) {
      case "none" -> NONE;
      case "decisions" -> DECISIONS;
      case "all" -> ALL;
      default -> throw new IllegalArgumentException("none, decisions or all, not '" + word + "'");
    };
  }

  /// The commitment of this entry, if its text is among them.
  Optional<Commitment> of(EntryBody body) {
    return switch (body) {
      case RequestEvent.Requested requested ->
          this == NONE ? Optional.empty() : Optional.of(requested.reason());
      case SessionEvent.Statement statement ->
          this == ALL ? Optional.of(statement.text()) : Optional.empty();
      case KeyringEvent _, RequestEvent _, SessionEvent _, RecoveryEvent _ -> Optional.empty();
    };
  }
}
