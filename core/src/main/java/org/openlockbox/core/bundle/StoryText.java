package org.openlockbox.core.bundle;

import java.util.regex.Pattern;
import org.openlockbox.core.canonical.TextRules;

/// Somebody's words as they stand in a sentence of ours: one line, shortened, nothing invisible,
/// and in quotation marks unless they are a single word that can imitate nothing.
public final class StoryText {
  private static final int LONGEST = 300;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@#+-]{0,99}");

  private StoryText() {}

  static String line(String text) {
    var visible = TextRules.visible(text).replace('\n', ' ').replace('\t', ' ');
    return visible.length() <= LONGEST
        ? visible
        : visible.substring(0, LONGEST)
            + "… (shortened, %d characters)".formatted(visible.length());
  }

  /// A text in quotation marks.
  public static String quoted(String text) {
    return TextRules.quoted(line(text));
  }

  /// A word, an id or an address as it stands; anything else in quotation marks.
  public static String word(String text) {
    return WORD.matcher(text).matches() ? text : quoted(text);
  }
}
