package org.openlockbox.core.bundle;

import java.util.List;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;

/// Which committed texts a bundle opens. The others stay commitments: the reader sees that there is
/// a text, and can check it against the log should it be shown later.
public enum Disclosure {
  /// None.
  NONE,
  /// What the approvers decided on: who asked, why, and for which statements.
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
    boolean decidedOn = body instanceof RequestEvent.Requested;
    return switch (this) {
      case NONE -> List.of();
      case DECISIONS -> decidedOn ? commitments(body) : List.of();
      case ALL -> commitments(body);
    };
  }

  private static List<Commitment> commitments(EntryBody body) {
    return body.texts().stream().map(CommittedText::commitment).toList();
  }
}
