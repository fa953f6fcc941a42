package org.openlockbox.core.evidence;

import org.openlockbox.core.canonical.TextRules;

/// Somebody's words as they stand in a story: one line, shortened, nothing invisible.
final class StoryText {
  private static final int LONGEST = 300;

  private StoryText() {}

  static String line(String text) {
    var visible = TextRules.visible(text).replace('\n', ' ').replace('\t', ' ');
    return visible.length() <= LONGEST
        ? visible
        : visible.substring(0, LONGEST)
            + "… (shortened, %d characters)".formatted(visible.length());
  }
}
