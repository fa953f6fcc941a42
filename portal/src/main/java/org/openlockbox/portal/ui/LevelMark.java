package org.openlockbox.portal.ui;

import org.openlockbox.core.access.Level;

/// How a level looks.
public final class LevelMark {
  private LevelMark() {}

  public static String icon(Level level) {
    return switch (level) {
      case METADATA -> "table-properties";
      case MASKED -> "venetian-mask";
      case READ -> "eye";
      case WRITE -> "pencil-line";
    };
  }

  /// The class of the style sheet that gives a level its tone.
  public static String style(Level level) {
    return "level-" + level.word();
  }
}
