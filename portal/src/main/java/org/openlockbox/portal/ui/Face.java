package org.openlockbox.portal.ui;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The initials of a name, and one of five colours that is always the same for it. Neither
/// identifies anybody: the name stands beside it.
public record Face(String initials, int hue) {
  private static final int HUES = 5;

  public static Face of(String name) {
    var words =
        Arrays.stream(name.split("[^\\p{L}\\p{N}]+")).filter(word -> !word.isEmpty()).toList();
    return new Face(initials(words), Math.floorMod(Objects.hashCode(name), HUES));
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
