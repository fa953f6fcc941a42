package org.openlockbox.core.limits;

import org.openlockbox.core.canonical.EnumWords;

/// Which statements a session may send, from least to most: [#GUARDED], those that the gateway
/// understands and lists as harmless; [#EXPERT], whatever the database lets the role do.
public enum Profile {
  GUARDED("guarded"),
  EXPERT("expert");

  private final String word;

  Profile(String word) {
    this.word = word;
  }

  public static Profile parse(String word) {
    return EnumWords.parse(values(), Profile::word, word, "profile");
  }

  /// The word used in JSON, flags and labels.
  public String word() {
    return word;
  }

  public boolean isWiderThan(Profile other) {
    return compareTo(other) > 0;
  }

  public Profile narrower(Profile other) {
    return isWiderThan(other) ? other : this;
  }
}
