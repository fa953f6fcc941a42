package org.openlockbox.core.evidence;

import org.openlockbox.core.access.RowBudget;
import org.openlockbox.core.access.Tables;
import org.openlockbox.core.canonical.JsonObjectBuilder;

/// How limits are written, wherever terms are: an absent member means no limit.
public final class LimitsJson {
  private LimitsJson() {}

  /// Adds `rowBudget` and `tables`, where they limit.
  public static void put(JsonObjectBuilder json, RowBudget rowBudget, Tables tables) {
    if (!rowBudget.isUnlimited()) {
      json.put("rowBudget", rowBudget.rows());
    }
    if (!tables.isAll()) {
      json.putTexts("tables", tables.names());
    }
  }
}
