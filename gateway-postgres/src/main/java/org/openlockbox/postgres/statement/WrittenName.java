package org.openlockbox.postgres.statement;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;

/// Where an identifier stands in a text, in any of the ways to write one (PostgreSQL documentation,
/// "Identifiers and Key Words"): `name`, `"name"`, or `U&"n\0061me"`, perhaps with `UESCAPE '!'`
/// behind it. What it names is the grammar's to say; this finds its end.
///
/// @param at where it begins
/// @param from where its letters begin: behind the quotation mark of `"name"`
/// @param end behind its last byte
/// @param escaped whether its letters are written otherwise
record WrittenName(int at, int from, int end, boolean escaped) {
  /// The identifier that begins here; empty if none does, or its end cannot be told.
  static Optional<WrittenName> at(byte[] text, int at) {
    if (at >= text.length) {
      return Optional.empty();
    }
    if (text[at] == '"') {
      return quoted(text, at).map(end -> new WrittenName(at, at + 1, end, false));
    }
    boolean unicode =
        at + 2 < text.length
            && (text[at] | 0x20) == 'u'
            && text[at + 1] == '&'
            && text[at + 2] == '"';
    if (unicode) {
      return quoted(text, at + 2)
          .flatMap(end -> withEscape(text, end))
          .map(end -> new WrittenName(at, at, end, true));
    }
    int end = at;
    while (end < text.length && isOfName(text[end])) {
      end++;
    }
    return end == at ? Optional.empty() : Optional.of(new WrittenName(at, at, end, false));
  }

  /// Writes the name another way: by its first letters if it is written plainly, so that the text
  /// keeps its length, else as a whole.
  ///
  /// @return up to where the text has been dealt with
  int replace(
      String plain, byte[] firstLetters, byte[] whole, byte[] text, ByteArrayOutputStream out) {
    int letters = Math.min(plain.length(), end - from);
    String written = new String(text, from, letters, ISO_8859_1).toLowerCase(Locale.ROOT);
    if (!escaped && written.equals(plain)) {
      out.write(text, at, from - at);
      out.writeBytes(firstLetters);
      return from + firstLetters.length;
    }
    out.writeBytes(whole);
    return end;
  }

  /// The end of what begins with a quotation mark; two of them in a row are one letter of it.
  private static Optional<Integer> quoted(byte[] text, int at) {
    for (int i = at + 1; i < text.length; i++) {
      if (text[i] == '"') {
        if (i + 1 < text.length && text[i + 1] == '"') {
          i++;
        } else {
          return Optional.of(i + 1);
        }
      }
    }
    return Optional.empty();
  }

  /// The end with the escape character that is named behind it, if one is.
  private static Optional<Integer> withEscape(byte[] text, int end) {
    int word = pastBlanks(text, end);
    String next = new String(text, word, Math.min(7, text.length - word), ISO_8859_1);
    if (!next.equalsIgnoreCase("uescape")) {
      return Optional.of(end);
    }
    int mark = pastBlanks(text, word + 7);
    boolean isOne = mark + 2 < text.length && text[mark] == '\'' && text[mark + 2] == '\'';
    return isOne ? Optional.of(mark + 3) : Optional.empty();
  }

  /// Past white space and comments, which may stand between the two.
  private static int pastBlanks(byte[] text, int at) {
    int i = at;
    while (i < text.length) {
      if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')) {
        i++;
      } else if (begins(text, i, '-', '-')) {
        while (i < text.length && text[i] != '\n' && text[i] != '\r') {
          i++;
        }
      } else if (begins(text, i, '/', '*')) {
        i = pastComment(text, i);
      } else {
        return i;
      }
    }
    return i;
  }

  private static int pastComment(byte[] text, int at) {
    int depth = 0;
    int i = at;
    do {
      if (begins(text, i, '/', '*')) {
        depth++;
        i += 2;
      } else if (begins(text, i, '*', '/')) {
        depth--;
        i += 2;
      } else {
        i++;
      }
    } while (depth > 0 && i < text.length);
    return i;
  }

  private static boolean begins(byte[] text, int at, char first, char second) {
    return at + 1 < text.length && text[at] == first && text[at + 1] == second;
  }

  private static boolean isOfName(byte each) {
    return each < 0
        || (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '_'
        || each == '$';
  }
}
