package org.openlockbox.http.json;

import java.util.Arrays;
import java.util.Optional;

/// What is left of a value at a place that the catalogue lists.
public enum FieldMask {
  /// All of it.
  SHOW("show"),

  /// `[redacted]` for text.
  REDACT("redact"),

  /// Nothing.
  NULL("null"),

  /// The first letter of an address.
  EMAIL("email"),

  /// The last four characters of a text or number that has eight or more.
  LAST4("last4");

  private static final int SHORTEST_FOR_LAST4 = 8;
  private static final int LAST = 4;

  private final String word;

  FieldMask(String word) {
    this.word = word;
  }

  /// The mask of this name. To show is none.
  public static Optional<FieldMask> mask(String word) {
    return Arrays.stream(values())
        .filter(each -> each != SHOW && each.word.equals(word))
        .findFirst();
  }

  public String word() {
    return word;
  }

  /// What is shown in the place of a text; empty for null.
  Optional<String> ofText(String text) {
    return switch (this) {
      case SHOW -> Optional.of(text);
      case NULL -> Optional.empty();
      case REDACT -> Optional.of("[redacted]");
      case EMAIL -> Optional.of(text.indexOf('@') > 0 ? initial(text) + "***@***" : "[redacted]");
      case LAST4 -> Optional.of(last4(text));
    };
  }

  /// What is shown in the place of a number, as text; empty for null.
  Optional<String> ofNumber(String digits) {
    return switch (this) {
      case LAST4 -> Optional.of(last4(digits));
      case SHOW, NULL, REDACT, EMAIL -> Optional.empty();
    };
  }

  private static String initial(String text) {
    return text.substring(0, Character.charCount(text.codePointAt(0)));
  }

  private static String last4(String text) {
    int length = text.codePointCount(0, text.length());
    return length < SHORTEST_FOR_LAST4
        ? "****"
        : "***" + text.substring(text.offsetByCodePoints(text.length(), -LAST));
  }
}
