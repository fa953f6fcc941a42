package org.openlockbox.check.session;

import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.operation.HttpFacts;

/// One question, held against the catalogue: what is recorded of it, and what it needs. What may be
/// allowed is recorded whole, as it was asked. A text that is too long for the record, or that a
/// reader could not see, is never allowed.
///
/// @param text as it is recorded
/// @param input what else came with it, sealed beside the log; may be empty
/// @param rule what the catalogue says of it
public record CheckQuestion(String text, Bytes input, HttpFacts facts, CatalogueRule rule) {
  private static final int LONGEST = 2_000;

  public CheckQuestion {
    if (text.length() > LONGEST) {
      text = text.substring(0, LONGEST);
      rule =
          new CatalogueRule.NotListed(
              "length", "a question has at most %d characters".formatted(LONGEST));
    }
    if (!TextRules.allowsLine(text)) {
      text = TextRules.shown(text);
      rule = new CatalogueRule.NotListed("characters", "the question cannot be shown as it is");
    }
  }

  /// What the catalogue says.
  public sealed interface CatalogueRule {
    /// From this level on.
    record FromLevel(Level level) implements CatalogueRule {}

    /// Never.
    ///
    /// @param word for the record
    record NotListed(String word, String detail) implements CatalogueRule {}
  }

  /// The level that it needs; empty if no level helps.
  Optional<Level> level() {
    return switch (rule) {
      case CatalogueRule.FromLevel(Level level) -> Optional.of(level);
      case CatalogueRule.NotListed _ -> Optional.empty();
    };
  }
}
