package org.openlockbox.core.access;

import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.signing.VerifyingKey;

/// Who asks: a person of the provider's side, or an AI agent with a person responsible for it. What
/// they are called is an [EngineerName], kept apart. Every connect statement has to be signed by
/// `key`.
public record Engineer(
    SubjectId id,
    String country,
    String employer,
    Kind kind,
    Optional<SubjectId> responsible,
    VerifyingKey key) {
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

  public Engineer {
    PlainName.require("employer", employer);
    if (!COUNTRY.matcher(country).matches()) {
      throw new IllegalArgumentException("country is two capital letters (ISO 3166): " + country);
    }
    if (kind == Kind.AGENT && responsible.isEmpty()) {
      throw new IllegalArgumentException("an agent needs a responsible person: " + id);
    }
  }

  /// Whether `subject` is this engineer or answers for it.
  public boolean sidesWith(SubjectId subject) {
    return id.equals(subject) || responsible.filter(subject::equals).isPresent();
  }

  /// A human, or software acting by itself.
  public enum Kind {
    HUMAN("human"),
    AGENT("agent");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public static Kind parse(String word) {
      return Words.parse(values(), Kind::word, word, "kind of engineer");
    }

    public String word() {
      return word;
    }
  }
}
