package org.openlockbox.portal.audit;

import java.time.Instant;
import java.util.Optional;

/// What a request's record shows of one entry of the log. `kind` is the entry's type; a statement
/// carries what came of it, once that is known; `statement` names the statement that it is about;
/// `prepared` is the text of the one that prepared it.
public record RecordLine(
    long index,
    Instant at,
    String kind,
    String session,
    String statement,
    String words,
    Optional<Excerpt> text,
    Optional<Excerpt> prepared,
    String outcome,
    OutcomeKind result) {
  RecordLine with(String came, OutcomeKind how) {
    return new RecordLine(
        index, at, kind, session, statement, words, text, prepared, came, result.and(how));
  }

  public boolean blocked() {
    return result == OutcomeKind.BLOCKED;
  }

  /// The message about how it ended; nothing where it went well.
  public Optional<String> mark() {
    return Optional.of(result)
        .filter(how -> how != OutcomeKind.FINE)
        .map(how -> "record.result." + how.word());
  }

  /// Whether the engineer sent it.
  boolean isStatement() {
    return kind.equals("operation");
  }
}
