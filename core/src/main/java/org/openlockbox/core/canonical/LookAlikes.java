package org.openlockbox.core.canonical;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Words that may only look like others, because they mix letters of several alphabets.
public final class LookAlikes {
  /// One word of a text.
  public static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

  private static final Set<UnicodeScript> ANYWHERE =
      EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN);

  /// Latin letters stand beside them in words of every day (UTS 39, *highly restrictive*).
  private static final Set<UnicodeScript> WITH_LATIN =
      EnumSet.of(UnicodeScript.HAN, UnicodeScript.LATIN);

  /// Japanese and Korean are written in several scripts at once (UTS 39, section 5.1).
  private static final Set<UnicodeScript> EAST_ASIAN =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.HANGUL);

  private LookAlikes() {}

  /// Whether any word of the text is one.
  public static boolean standIn(String text) {
    return WORD.matcher(text).results().anyMatch(word -> isOne(word.group()));
  }

  /// A sentence that names the words that mix alphabets; empty if there are none.
  public static String warning(List<String> texts) {
    String words =
        texts.stream()
            .flatMap(text -> WORD.matcher(text).results())
            .map(MatchResult::group)
            .filter(LookAlikes::isOne)
            .distinct()
            .limit(10)
            .map(TextRules::quoted)
            .collect(Collectors.joining(", "));
    return words.isEmpty()
        ? ""
        : "these words mix letters of different alphabets and may only look like others: " + words;
  }

  public static boolean isOne(String word) {
    Set<UnicodeScript> scripts =
        word.codePoints()
            .mapToObj(UnicodeScript::of)
            .filter(script -> !ANYWHERE.contains(script))
            .map(script -> EAST_ASIAN.contains(script) ? UnicodeScript.HAN : script)
            .collect(Collectors.toSet());
    return scripts.size() > 1 && !scripts.equals(WITH_LATIN);
  }
}
