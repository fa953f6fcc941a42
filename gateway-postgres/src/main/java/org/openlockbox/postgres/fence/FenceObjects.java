package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.breaks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.RowSecurity;

/// Compares what the fence consists of (views, functions, schemas, policies, rights in the
/// catalogs) with what the plan remembered when it was applied.
final class FenceObjects {
  private final Connection connection;
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final List<Deviation> found = new ArrayList<>();

  private FenceObjects(Connection connection, ResourceSpec spec, DatabaseSchema schema) {
    this.connection = connection;
    this.spec = spec;
    this.schema = schema;
  }

  static List<Deviation> of(Connection connection, ResourceSpec spec, DatabaseSchema schema)
      throws SQLException {
    var objects = new FenceObjects(connection, spec, schema);
    objects.compare();
    return List.copyOf(objects.found);
  }

  private void compare() throws SQLException {
    var now = objects("fence-objects.sql");
    var made = objects("remembered-objects.sql");
    for (var entry : made.entrySet()) {
      String digest = now.get(entry.getKey());
      if (digest == null) {
        object("missing", entry.getKey(), "is missing");
      } else if (!digest.equals(entry.getValue())) {
        object("changed", entry.getKey(), "was changed (text, owner or rights)");
      }
    }
    for (TableSpec table : spec.tables()) {
      schema.table(table.name()).ifPresent(known -> policies(table, known.rowSecurity(), made));
    }
    var extra = new TreeSet<>(now.keySet());
    extra.removeAll(made.keySet());
    extra.forEach(name -> object("unexpected", name, "is not part of the fence"));
  }

  private void policies(TableSpec table, RowSecurity security, Map<String, String> made) {
    String bounds = "policy " + table.name() + " lb_view_bounds";
    if (new RowPolicies(spec, schema).guard(table) && !made.containsKey(bounds)) {
      object("missing", bounds, "is missing");
    }
    if (security.ownPolicies() && security.everybody()) {
      found.add(
          breaks(
              "row-security-own",
              table.name().toString(),
              "The application made policies for %s, which lb_view_everybody sets aside."
                  .formatted(table.name()),
              FenceCheck.PLAN_AGAIN));
    }
  }

  private void object(String kind, String name, String what) {
    String word = name.substring(0, name.indexOf(' '));
    String fix =
        kind.equals("unexpected") ? "drop it, or " + FenceCheck.PLAN_AGAIN : FenceCheck.PLAN_AGAIN;
    found.add(
        breaks(
            word + "-" + kind,
            name.substring(word.length() + 1),
            "The " + name + " " + what + ".",
            fix));
  }

  private Map<String, String> objects(String resource) throws SQLException {
    record FenceObject(String name, String digest) {}
    return CatalogSnapshot.rows(
            connection,
            resource,
            rows -> new FenceObject(rows.getString(1) + " " + rows.getString(2), rows.getString(3)))
        .stream()
        .collect(
            Collectors.toMap(FenceObject::name, FenceObject::digest, (a, b) -> a, TreeMap::new));
  }
}
