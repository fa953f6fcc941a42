package org.openlockbox.postgres.fence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.schema.CatalogSnapshot;

/// The SQL that takes a fence away again: sessions closed, schemas dropped, and what PUBLIC lost
/// given back as `lb.public_right` remembers it.
///
/// A crash in the middle leaves the fence as it was.
public final class FenceUndo {
  private FenceUndo() {}

  public static String of(ResourceSpec spec) {
    return removal("undo.sql", spec, Map.of("give_back", giveBack("lb_app", "lb_catalog")));
  }

  /// A text that takes what the fence has on the application's tables away, for one resource.
  static String removal(String resource, ResourceSpec spec, Map<String, String> more) {
    var places = new HashMap<>(more);
    places.put("resource", spec.id().value());
    places.put("database_text", SqlQuoting.text(spec.address().database()));
    places.put("database", spec.address().database());
    places.put("lock_guarded", CatalogSnapshot.sql("lock-guarded.sql"));
    places.put("drop_policies", CatalogSnapshot.sql("drop-policies.sql"));
    return CatalogSnapshot.sql(resource, places);
  }

  /// Gives back to PUBLIC what these roles have kept since the plan was applied.
  static String giveBack(String... holders) {
    return CatalogSnapshot.sql(
        "give-back.sql",
        Map.of(
            "holders",
            List.of(holders).stream().map(SqlQuoting::text).collect(Collectors.joining(", "))));
  }
}
