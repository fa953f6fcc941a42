package org.openlockbox.postgres.catalogue;

import java.util.Set;
import org.openlockbox.core.access.Level;

/// The names that a level has inside the database.
public final class Levels {
  /// What a session at level `metadata` finds in its schema.
  static final Set<String> METADATA_RELATIONS = Set.of("tables", "columns", "row_counts");

  private Levels() {}

  static String word(Level level) {
    return level.word();
  }

  /// The NOLOGIN role that holds the level's rights.
  public static String role(Level level) {
    return "lb_level_" + word(level);
  }
}
