package org.openlockbox.postgres.fence;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.postgres.catalogue.Levels;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.schema.CatalogFunction;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.ClosedCatalog;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// What sessions read of closed system catalogs: the columns that name things, and the views of
/// `lb_catalog`, which show a session what is its own.
final class CatalogRights {
  private static final String OWNER = "lb_view";

  private final ResourceSpec spec;
  private final List<ClosedCatalog> catalogs;
  private final List<CatalogFunction> functions;

  CatalogRights(ResourceSpec spec, DatabaseSchema schema) {
    this.spec = spec;
    this.catalogs = schema.closedCatalogs();
    this.functions = schema.catalogFunctions();
  }

  String sql() {
    var sql = new StringBuilder();
    spec.levels()
        .forEach(
            level ->
                catalogs.stream()
                    .filter(catalog -> catalog.isFor(level))
                    .forEach(catalog -> line(sql, catalog.grantTo(Levels.role(level)))));
    catalogs.stream()
        .filter(catalog -> !catalog.isEmpty())
        .forEach(catalog -> line(sql, catalog.grantTo(OWNER)));
    sql.append(CatalogSnapshot.sql("plan-catalog-views.sql", Map.of("levels", levels())));
    catalogs.forEach(catalog -> sql.append(catalog.view()));
    for (CatalogFunction function : functions) {
      line(sql, function.made());
      line(sql, "alter function %s owner to %s;".formatted(function.name(), OWNER));
      line(sql, "revoke all on function %s from public;".formatted(function.name()));
    }
    line(sql, grant("select", "", catalogs.stream().map(c -> "lb_catalog." + c.relation())));
    var hidden = catalogs.stream().filter(ClosedCatalog::isHidden).map(ClosedCatalog::function);
    var all = Stream.concat(functions.stream().map(CatalogFunction::name), hidden);
    line(sql, grant("execute", "function ", all));
    return sql.toString();
  }

  private static void line(StringBuilder sql, String line) {
    sql.append(line).append('\n');
  }

  private String grant(String right, String kind, Stream<String> names) {
    return "grant %s on %s%s to %s;"
        .formatted(right, kind, names.collect(Collectors.joining(", ")), levels());
  }

  private String levels() {
    return spec.levels().stream().map(Levels::role).distinct().collect(Collectors.joining(", "));
  }
}
