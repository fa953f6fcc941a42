package org.openlockbox.core.bundle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.Erasures;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;

/// The texts that entries commit to, as a story shows them.
final class StoryTexts {
  private final Map<Commitment, OpenedText> texts;
  private final Erasures erasures;
  private final Set<Commitment> mentioned = new HashSet<>();
  private final Map<SessionId, List<TracedOperation>> sent = new HashMap<>();

  /// An operation whose session's operations before it are known.
  private record TracedOperation(ProvenEntry proven, SessionEvent.Operation operation) {}

  StoryTexts(Map<Commitment, OpenedText> texts, Erasures erasures) {
    this.texts = texts;
    this.erasures = erasures;
  }

  /// The commitments that any entry made.
  Set<Commitment> mentioned() {
    return mentioned;
  }

  /// An operation with what it says of itself, and the text of the one that prepared it.
  String operation(ProvenEntry proven, SessionEvent.Operation operation) {
    var input =
        operation.input().map(values -> " " + of(proven, TextKind.INPUT, values)).orElse("");
    var text = of(proven, TextKind.OPERATION, operation.text());
    sent.computeIfAbsent(operation.of(), of -> new ArrayList<>())
        .add(new TracedOperation(proven, operation));
    return "%s %d: %s%s [%s]%s"
        .formatted(
            operation.kind(), operation.n(), text, input, operation.line(), preparation(operation));
  }

  /// The text of the operation that made what this one executes. Operations are numbered without a
  /// gap, so the number is its place.
  private String preparation(SessionEvent.Operation operation) {
    if (!(operation.facts() instanceof SqlFacts facts) || facts.preparedBy().isEmpty()) {
      return "";
    }
    var by = facts.preparedBy();
    var made = sent.getOrDefault(operation.of(), List.of()).get((int) by.getAsLong());
    return "; operation %d is %s"
        .formatted(by.getAsLong(), of(made.proven, TextKind.OPERATION, made.operation.text()));
  }

  /// The text behind the word for its kind; an erased one names its kind itself.
  String labelled(ProvenEntry proven, TextKind kind, Commitment commitment) {
    return kind.word()
        + " "
        + of(proven, kind, commitment).replaceFirst("^" + kind.word() + " ", "");
  }

  /// The text in quotation marks, or why it is not shown. Throws [Unproven] if it is shown although
  /// it was erased.
  String of(ProvenEntry proven, TextKind kind, Commitment commitment) {
    mentioned.add(commitment);
    var opened = texts.get(commitment);
    var erased = erasures.of(proven.seq(), kind);
    if (erased.isPresent()) {
      if (opened != null) {
        throw new Unproven(
            Bundle.TEXTS,
            "the %s of entry %d is still shown, although entry %d erased it"
                .formatted(kind.word(), proven.seq(), erased.get().seq()));
      }
      return erased.get().told(kind);
    }
    if (opened == null) {
      return "text not disclosed (commitment %s)".formatted(commitment.hex().substring(0, 12));
    }
    try {
      return StoryText.quoted(opened.text().utf8());
    } catch (MalformedJson e) {
      return "bytes that are no text: " + opened.text();
    }
  }
}
