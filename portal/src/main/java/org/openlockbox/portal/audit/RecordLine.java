package org.openlockbox.portal.audit;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.portal.ui.Tone;

/// What a request's record shows of one entry of the log. `kind` is the entry's type; a statement
/// carries what came of it, once that is known; `statement` names the statement that it is about;
/// `prepared` is the text of the one that prepared it; `tool` is for one that a tool sends by
/// itself.
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
    OutcomeKind result,
    boolean tool) {
  RecordLine with(String came, OutcomeKind how) {
    return new RecordLine(
        index, at, kind, session, statement, words, text, prepared, came, result.and(how), tool);
  }

  /// The words as they stand in a line. That of a statement begins with them.
  public String told() {
    return isStatement() && !words.isEmpty()
        ? words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1)
        : words;
  }

  /// Whether pages fold it: a tool sent it, and it went well.
  public boolean isFolded() {
    return tool && result == OutcomeKind.FINE;
  }

  /// The icon of its step.
  public String icon() {
    return switch (result) {
      case BLOCKED -> "ban";
      case FAILED -> "triangle-alert";
      case FINE ->
          switch (kind) {
            case "operation", "outcome" -> "check";
            case "request" -> "send";
            case "decision", "auto" -> "fingerprint";
            case "revoke" -> "circle-stop";
            case "session-open" -> "terminal";
            case "session-close", "end" -> "lock";
            default -> "scroll-text";
          };
    };
  }

  /// The tone of its step, as a style class.
  public String tone() {
    return switch (result) {
      case BLOCKED -> Tone.BAD.style();
      case FAILED -> Tone.CARE.style();
      case FINE -> (isStatement() || kind.equals("outcome") ? Tone.GOOD : Tone.PLAIN).style();
    };
  }

  /// `blocked`, `failed` or `fine` for what the engineer sent; empty for everything else.
  public String sort() {
    return isStatement() || result != OutcomeKind.FINE ? result.word() : "";
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
  public boolean isStatement() {
    return kind.equals("operation");
  }
}
