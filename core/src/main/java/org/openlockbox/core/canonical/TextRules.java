package org.openlockbox.core.canonical;

import java.util.regex.Pattern;

/// Which code points our documents may contain. What a person reads must be what was signed, so
/// everything that changes how other text looks, or cannot be seen, is banned: controls (except
/// newline and tab), bidirectional controls, zero-width characters, blanks and fillers, variation
/// selectors, line separators, tag characters, lone surrogates and noncharacters.
public final class TextRules {
  private static final int REPLACEMENT = 0xFFFD;

  /// Everything that a reader could take for the end of a quotation.
  private static final Pattern QUOTES =
      Pattern.compile(
          "[\"\u00ab\u00bb\u02ba\u02ee\u201c-\u201f\u2033\u2034\u275d\u275e\u301d-\u301f\uff02]");

  private TextRules() {}

  /// Whether a text may stand in a document. Newline and tab may.
  public static boolean allows(String text) {
    for (int i = plainPrefix(text); i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!allows(c)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  /// How many of the first characters are printable ASCII: nearly always all of them.
  private static int plainPrefix(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) >= 0x20 && text.charAt(i) < 0x7f) {
      i++;
    }
    return i;
  }

  /// Whether a text may stand in a document and is a single line.
  public static boolean allowsLine(String text) {
    return plainPrefix(text) == text.length()
        || (text.indexOf('\n') < 0 && text.indexOf('\t') < 0 && allows(text));
  }

  /// The text with every banned code point replaced by U+FFFD: for words that come from elsewhere
  /// and are shown, never for words that somebody is to sign.
  public static String visible(String text) {
    if (allows(text)) {
      return text;
    }
    var clean = new StringBuilder();
    text.codePoints().map(c -> allows(c) ? c : REPLACEMENT).forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /// Somebody's words in quotation marks that they cannot end: their own marks become single ones.
  public static String quoted(String text) {
    return "\u201c" + withoutQuotes(text) + "\u201d";
  }

  /// The text with single marks in the place of all that a reader could take for the end of a
  /// quotation.
  static String withoutQuotes(String text) {
    return QUOTES.matcher(text).replaceAll("'");
  }

  /// One line of a text, harmless to a terminal: newline, tab and every character that cannot be
  /// seen show as `\\u....`.
  public static String shown(String text) {
    if (plainPrefix(text) == text.length()) {
      return text;
    }
    var shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (allows(c) && c != '\n' && c != '\t' && !isFormat(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append("\\u%04x".formatted(c));
              }
            });
    return shown.toString();
  }

  private static boolean isFormat(int c) {
    return Character.getType(c) == Character.FORMAT;
  }

  static boolean allows(int c) {
    if (c < 0x7f) {
      return c >= 0x20 || c == '\n' || c == '\t';
    }
    return !(c <= 0x9f || isInvisible(c) || isBroken(c));
  }

  /// Bidirectional controls, zero-width and other characters that leave no mark of their own.
  private static boolean isInvisible(int c) {
    return c == 0x00AD
        || c == 0x034F
        || c == 0x061C
        || between(c, 0x115F, 0x1160)
        || between(c, 0x17B4, 0x17B5)
        || between(c, 0x180B, 0x180F)
        || between(c, 0x200B, 0x200F)
        || between(c, 0x2028, 0x202E)
        || between(c, 0x2060, 0x206F)
        || c == 0x2800
        || c == 0x3164
        || between(c, 0xFE00, 0xFE0F)
        || c == 0xFEFF
        || c == 0xFFA0
        || between(c, 0xFFF0, 0xFFFB)
        || between(c, 0x13430, 0x1343F)
        || c == 0x16FE4
        || between(c, 0x1BCA0, 0x1BCA3)
        || c == 0x1D159
        || between(c, 0x1D173, 0x1D17A)
        || between(c, 0xE0000, 0xE0FFF);
  }

  /// Lone surrogates and the noncharacters of Unicode.
  private static boolean isBroken(int c) {
    return between(c, 0xD800, 0xDFFF) || between(c, 0xFDD0, 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
  }

  private static boolean between(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
