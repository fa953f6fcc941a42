package org.openlockbox.core.access;

import java.util.random.RandomGenerator;

/// Crockford's base 32 in upper case: no I, L, O or U, so an id can be read aloud.
public final class Crockford {
  /// The alphabet as a regular expression class.
  public static final String CLASS = "[0-9A-HJKMNP-TV-Z]";

  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private Crockford() {}

  public static String random(int length, RandomGenerator random) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return text.toString();
  }
}
