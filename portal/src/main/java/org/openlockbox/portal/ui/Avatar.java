package org.openlockbox.portal.ui;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/// The initials of a name, and one of five colours that is always the same for it. Neither
/// identifies anybody: the name stands beside it. An id in parentheses behind it does not count.
public record Avatar(String initials, int hue) {
  private static final int HUES = 5;

  private static final Pattern ID = Pattern.compile(" \\([^)]*\\)$");

  public static Avatar of(String named) {
    var name = ID.matcher(named).replaceFirst("");
    var words =
        Arrays.stream(name.split("[^\\p{L}\\p{N}]+")).filter(word -> !word.isEmpty()).toList();
    return new Avatar(initials(words), Math.floorMod(Objects.hashCode(name), HUES));
  }

  private static String initials(List<String> words) {
    if (words.isEmpty()) {
      return "?";
    }
    var first = first(words.getFirst());
    return (words.size() == 1 ? first : first + first(words.getLast())).toUpperCase(Locale.ROOT);
  }

  private static String first(String word) {
    return Character.toString(word.codePointAt(0));
  }
}
