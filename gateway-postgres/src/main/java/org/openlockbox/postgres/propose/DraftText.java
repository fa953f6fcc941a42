package org.openlockbox.postgres.propose;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Names as YAML and as comments. A name of a database can hold any letter: none of them may end a
/// line, a comment or a value, nor change how the text around it looks.
final class DraftText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  /// Words that readers of YAML take for something else than text.
  private static final Set<String> WORDS =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private DraftText() {}

  /// A value or key of YAML on one line, that reads as this text.
  static String yaml(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
    return plain ? text : quoted(text);
  }

  /// The same for text that is quoted for the reader's eye.
  static String quoted(String text) {
    return '"' + escaped(text, true) + '"';
  }

  /// A text inside a comment, on one line.
  static String comment(String text) {
    return escaped(text, false);
  }

  private static String escaped(String text, boolean quotes) {
    var out = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (quotes && (point == '"' || point == '\\')) {
                out.append('\\').appendCodePoint(point);
              } else if (isVisible(point)) {
                out.appendCodePoint(point);
              } else {
                out.append(
                    point > 0xffff ? "\\U%08x".formatted(point) : "\\u%04x".formatted(point));
              }
            });
    return out.toString();
  }

  /// Letters, digits, signs and the plain space: no control, no separator, nothing that turns or
  /// joins what stands around it.
  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }
}
