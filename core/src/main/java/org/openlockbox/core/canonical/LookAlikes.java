package org.openlockbox.core.canonical;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/// Words that may only look like others, because they mix letters of several alphabets.
public final class LookAlikes {
  /// One word of a text.
  public static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

  private static final Set<UnicodeScript> ANYWHERE =
      EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN);

  private LookAlikes() {}

  /// Whether any word of the text is one.
  public static boolean standIn(String text) {
    return WORD.matcher(text).results().anyMatch(word -> isOne(word.group()));
  }

  public static boolean isOne(String word) {
    return word.codePoints()
            .mapToObj(UnicodeScript::of)
            .filter(script -> !ANYWHERE.contains(script))
            .distinct()
            .count()
        > 1;
  }
}
