package org.openlockbox.postgres.fence;

import java.util.HashSet;
import java.util.Set;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ReferenceTarget;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The database without those columns of listed tables that are newer than the fence: neither the
/// views show them nor does the catalogue name them.
final class ShownColumns {
  private final Set<String> shown;
  private final Set<String> views = new HashSet<>();
  private final Set<ColumnName> named = new HashSet<>();

  private ShownColumns(ResourceSpec spec, Set<String> shown) {
    this.shown = shown;
    shown.forEach(column -> SqlName.identifiers(column).ifPresent(of -> views.add(of.getFirst())));
    spec.tables().forEach(this::name);
  }

  /// @param shown what the views show, as `view.column`; of a table without a view all is kept
  static DatabaseSchema of(ResourceSpec spec, DatabaseSchema schema, Set<String> shown) {
    var columns = new ShownColumns(spec, shown);
    return schema.keeping(
        (table, column) -> spec.table(table).isEmpty() || columns.isKept(table, column));
  }

  private boolean isKept(TableName table, String column) {
    return !views.contains(table.name())
        || shown.contains(SqlName.of(table.name(), column))
        || named.contains(table.column(column));
  }

  private void name(TableSpec table) {
    table.masks().keySet().forEach(column -> name(table.name(), column));
    table.hidden().forEach(column -> name(table.name(), column));
    table.unmasked().forEach(column -> name(table.name(), column));
    table
        .references()
        .forEach(
            (column, target) -> {
              name(table.name(), column);
              if (target instanceof ReferenceTarget.KeyColumn key) {
                name(key.table(), key.column());
              }
            });
    switch (table.scope()) {
      case RowScope.ByColumn own -> name(table.name(), own.column());
      case RowScope.ByExpression in -> name(table.name(), in.column());
      case RowScope.ByParent _, RowScope.ByParents _ ->
          table
              .scope()
              .parents()
              .forEach(
                  up -> {
                    up.tyingColumns().forEach(column -> name(table.name(), column));
                    up.keys().forEach(key -> name(up.parent(), key));
                  });
      case RowScope.Whole whole -> {}
      case RowScope.Shared shared -> {}
    }
  }

  private void name(TableName table, String column) {
    named.add(table.column(column));
  }
}
