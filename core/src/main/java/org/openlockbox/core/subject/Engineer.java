package org.openlockbox.core.subject;

import java.util.Optional;
import org.openlockbox.core.canonical.EnumWords;
import org.openlockbox.core.signing.VerifyingKey;

/// Who asks: a person of the provider's side, or an AI agent with a person responsible for it, and
/// what the provider says of them. What they are called is an [EngineerName], kept apart. Every
/// connect statement has to be signed by `key`.
public record Engineer(SubjectId id, EngineerFacts facts, VerifyingKey key) {
  public Engineer {
    if (facts.responsible().filter(id::equals).isPresent()) {
      throw new IllegalArgumentException("nobody answers for themselves: " + id);
    }
  }

  public Optional<String> country() {
    return facts.country();
  }

  public Optional<String> employer() {
    return facts.employer();
  }

  public Optional<EngineerKind> kind() {
    return facts.kind();
  }

  public Optional<SubjectId> responsible() {
    return facts.responsible();
  }

  public boolean isAgent() {
    return facts.kind().filter(EngineerKind.AGENT::equals).isPresent();
  }

  /// Whether `subject` is this engineer or answers for it.
  public boolean sidesWith(SubjectId subject) {
    return id.equals(subject) || facts.responsible().filter(subject::equals).isPresent();
  }

  /// A human, or software acting by itself.
  public enum EngineerKind {
    HUMAN("human"),
    AGENT("agent");

    private final String word;

    EngineerKind(String word) {
      this.word = word;
    }

    public static EngineerKind parse(String word) {
      return EnumWords.parse(values(), EngineerKind::word, word, "kind of engineer");
    }

    public String word() {
      return word;
    }
  }
}
