package org.openlockbox.core.subject;

import java.util.regex.Pattern;
import org.openlockbox.core.canonical.LookAlikes;

/// The alphabet of names from the requester's side: letters, digits, spaces and a few marks, 1 to
/// 64 characters, no word that mixes alphabets. Without brackets, quotes, commas and colons a name
/// cannot close the element it stands in and go on as a sentence of ours.
final class PlainName {
  static final int LONGEST = 64;

  private static final Pattern SHAPE =
      Pattern.compile(
          "[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}.'\u2019&+@_-]*( [\\p{L}\\p{M}\\p{N}.'\u2019&+@_-]+)*");
  private static final Pattern OTHER = Pattern.compile("[^\\p{L}\\p{M}\\p{N}.'\u2019&+@_-]+");

  private PlainName() {}

  static void require(String field, String value) {
    if (!isOne(value)) {
      throw new IllegalArgumentException(
          "%s is 1 to %d letters, digits, single spaces and .'&+@_- of one alphabet: \"%s\""
              .formatted(field, LONGEST, value));
    }
  }

  static boolean isOne(String value) {
    return value.length() <= LONGEST
        && SHAPE.matcher(value).matches()
        && !LookAlikes.standIn(value);
  }

  /// What of a text can stand in a name: other characters become spaces, and what is too long is
  /// cut. Empty if nothing is left.
  static String of(String text) {
    String plain = OTHER.matcher(text).replaceAll(" ").strip();
    while (!plain.isEmpty() && !Character.isLetterOrDigit(plain.codePointAt(0))) {
      plain = plain.substring(1).strip();
    }
    int end = Math.min(plain.length(), LONGEST);
    if (end < plain.length() && Character.isHighSurrogate(plain.charAt(end - 1))) {
      end--;
    }
    String cut = plain.substring(0, end).strip();
    return isOne(cut) ? cut : "";
  }
}
