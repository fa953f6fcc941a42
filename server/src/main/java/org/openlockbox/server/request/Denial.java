package org.openlockbox.server.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why an approver says no, as it stands in the comment that is signed: a code that every language
/// knows, and what they add in their own: `too_much` or `too_much: Ask for less`. A comment of
/// another form is all text.
public record Denial(Optional<DenialCode> code, String text) {
  private static final String AND = ": ";

  /// The codes.
  public enum DenialCode {
    NOT_NEEDED("It is not needed"),
    TOO_MUCH("It is too much"),
    WRONG_PERSON("Not this person"),
    WRONG_TIME("Not now"),
    OTHER("Another reason");

    private final String sentence;

    DenialCode(String sentence) {
      this.sentence = sentence;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DenialCode> of(String word) {
      return Arrays.stream(values()).filter(code -> code.word().equals(word)).findFirst();
    }
  }

  public static Denial parse(String comment) {
    int end = comment.indexOf(AND);
    var code = DenialCode.of(end < 0 ? comment : comment.substring(0, end));
    return code.isEmpty()
        ? new Denial(code, comment)
        : new Denial(code, end < 0 ? "" : comment.substring(end + AND.length()));
  }

  /// What is signed.
  public String comment() {
    return joined(code.map(DenialCode::word));
  }

  /// The same for people who read English.
  public String english() {
    return joined(code.map(one -> one.sentence));
  }

  private String joined(Optional<String> first) {
    return first.map(word -> text.isEmpty() ? word : word + AND + text).orElse(text);
  }
}
