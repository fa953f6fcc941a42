package org.openlockbox.gateway.admission;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.statement.OpenedText;

/// The texts that a session may send, byte for byte; or any text. A statement that approvers
/// allowed and whose text nobody shows any more is not among them.
public record ExactTexts(boolean isAny, Set<Bytes> texts) {
  public ExactTexts {
    texts = Set.copyOf(texts);
  }

  /// What `statements` stand for, as far as the control plane has shown texts that open them.
  static ExactTexts of(ExactStatements statements, List<OpenedText> shown) {
    var texts = new HashSet<Bytes>();
    for (var text : shown) {
      if (statements.commitments().contains(text.commitment().value())) {
        texts.add(text.text());
      }
    }
    return new ExactTexts(statements.isAny(), texts);
  }

  public boolean allows(Bytes sql) {
    return isAny || texts.contains(sql);
  }
}
