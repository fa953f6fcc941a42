package org.openlockbox.gateway.yaml;

import java.util.Collection;
import java.util.Comparator;

/// Suggests the known word that lies closest to a misspelt one.
final class Nearest {
  private static final int FAR = 3;

  private Nearest() {}

  /// ` (did you mean 'x'?)`, or nothing when no known word is close.
  static String hint(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) < FAR)
        .map(candidate -> " (did you mean '" + candidate + "'?)")
        .orElse("");
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
