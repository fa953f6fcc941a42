package org.openlockbox.gateway.fence;

import org.openlockbox.core.access.Level;

/// The names that a level has inside the database.
final class Levels {
  private Levels() {}

  static String word(Level level) {
    return level.word();
  }

  /// The NOLOGIN role that holds the level's rights.
  static String role(Level level) {
    return "lb_level_" + word(level);
  }
}
