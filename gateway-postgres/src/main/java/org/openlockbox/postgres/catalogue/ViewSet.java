package org.openlockbox.postgres.catalogue;

import java.util.List;
import org.openlockbox.core.access.Level;

/// The tables whose views stand in one schema per level. There is one set for all tenants, or one
/// for each where each has a schema of its own; `suffix` then ends the names of its schemas.
public record ViewSet(String suffix, List<TableSpec> tables) {
  public ViewSet {
    tables = List.copyOf(tables);
  }

  /// The schema of the level's views.
  public String schema(Level level) {
    return "lb_" + level.word() + suffix;
  }

  public String view(Level level, TableSpec table) {
    return SqlQuoting.name(schema(level)) + "." + SqlQuoting.name(table.name().name());
  }
}
