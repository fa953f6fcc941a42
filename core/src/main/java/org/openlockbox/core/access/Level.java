package org.openlockbox.core.access;

import org.openlockbox.core.canonical.EnumWords;

/// How much of a resource someone may see or change, from least to most: [#METADATA] (shapes and
/// counts), [#MASKED] (rows with personal columns masked), [#READ] (rows as they are), [#WRITE].
/// The order of the constants is the order of the levels.
public enum Level {
  METADATA("metadata"),
  MASKED("masked"),
  READ("read"),
  WRITE("write");

  private final String word;

  Level(String word) {
    this.word = word;
  }

  public static Level parse(String word) {
    return EnumWords.parse(values(), Level::word, word, "level");
  }

  /// The word used in JSON, columns, flags and labels.
  public String word() {
    return word;
  }

  public boolean isWiderThan(Level other) {
    return compareTo(other) > 0;
  }

  public Level narrower(Level other) {
    return isWiderThan(other) ? other : this;
  }
}
