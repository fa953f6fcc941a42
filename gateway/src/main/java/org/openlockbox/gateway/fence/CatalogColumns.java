package org.openlockbox.gateway.fence;

import org.openlockbox.core.access.Level;

/// The columns of one closed system catalog that sessions may read; `toolsOnly` ones (defaults and
/// comments) only at the levels that show rows.
record CatalogColumns(String relation, boolean toolsOnly, String columns) {
  boolean isFor(Level level) {
    return !toolsOnly || level != Level.METADATA;
  }

  String grantTo(Level level) {
    return "grant select (%s) on pg_catalog.%s to %s;"
        .formatted(columns, relation, Levels.role(level));
  }
}
