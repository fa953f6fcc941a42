package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ReferenceTarget;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// What `lb_view`, the owner of the views, must be able to do with the base tables: exactly this.
final class BaseRights {
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final ViewSql views;

  BaseRights(ResourceSpec spec, DatabaseSchema schema) {
    this.spec = spec;
    this.schema = schema;
    this.views = new ViewSql(spec, schema);
  }

  List<String> grants() {
    var lines = new ArrayList<String>();
    for (String schema : spec.schemas()) {
      lines.add("grant usage on schema " + SqlQuoting.name(schema) + " to lb_view;");
    }
    for (TableSpec table : spec.tables()) {
      grant("select", readable(table), table).ifPresent(lines::add);
      if (written(table)) {
        grant("insert", insertable(table), table).ifPresent(lines::add);
        grant("update", new TreeSet<>(views.updatable(table)), table).ifPresent(lines::add);
        lines.add("grant delete on " + table.name().sql() + " to lb_view;");
        sequences(table)
            .forEach(from -> lines.add("grant usage on sequence " + from.sql() + " to lb_view;"));
      }
    }
    return lines;
  }

  /// The same for the check.
  SortedSet<BaseRight> expected() {
    var rights = new TreeSet<BaseRight>();
    for (TableSpec table : spec.tables()) {
      readable(table).forEach(column -> rights.add(right(table, column, "SELECT")));
      if (written(table)) {
        insertable(table).forEach(column -> rights.add(right(table, column, "INSERT")));
        views.updatable(table).forEach(column -> rights.add(right(table, column, "UPDATE")));
        rights.add(right(table, "", "DELETE"));
        sequences(table).forEach(sequence -> rights.add(new BaseRight(sequence, "", "USAGE")));
      }
    }
    return rights;
  }

  private boolean written(TableSpec table) {
    return spec.levels().contains(Level.WRITE) && views.isWritten(table);
  }

  /// The sequences that give defaults to what the write level may insert.
  SortedSet<TableName> sequences() {
    var all = new TreeSet<TableName>();
    spec.tables().stream().filter(this::written).forEach(table -> all.addAll(sequences(table)));
    return all;
  }

  private SortedSet<TableName> sequences(TableSpec table) {
    var found = new TreeSet<TableName>();
    views.visible(table).forEach(column -> column.sequence().ifPresent(found::add));
    return found;
  }

  /// Every visible column, and those that tie rows to tenants or to each other even where they are
  /// hidden.
  private SortedSet<String> readable(TableSpec table) {
    var columns = new TreeSet<String>();
    views.visible(table).forEach(column -> columns.add(column.name()));
    switch (table.scope()) {
      case RowScope.ByColumn own -> columns.add(own.column());
      case RowScope.ByExpression in -> columns.add(in.column());
      case RowScope.ByParent _, RowScope.ByParents _ ->
          table.scope().parents().forEach(one -> columns.addAll(one.tyingColumns()));
      case RowScope.Whole whole -> {}
      case RowScope.Shared shared -> {}
    }
    for (TableSpec child : spec.tables()) {
      child.scope().parents().stream()
          .filter(up -> up.parent().equals(table.name()))
          .forEach(up -> columns.addAll(up.keys()));
    }
    schema.tables().values().stream()
        .filter(other -> spec.table(other.name()).isPresent())
        .flatMap(other -> other.columns().stream())
        .flatMap(column -> column.pointsTo().stream())
        .filter(target -> target.table().equals(table.name()))
        .forEach(target -> columns.add(target.column()));
    spec.tables().stream()
        .flatMap(other -> other.references().values().stream())
        .forEach(
            target -> {
              if (target instanceof ReferenceTarget.KeyColumn key
                  && key.table().equals(table.name())) {
                columns.add(key.column());
              }
            });
    if (columns.isEmpty()) { // rows can be counted through a view that shows no column of them
      schema.table(table.name()).orElseThrow().columns().stream()
          .findFirst()
          .ifPresent(first -> columns.add(first.name()));
    }
    return columns;
  }

  private SortedSet<String> insertable(TableSpec table) {
    var columns = new TreeSet<>(views.insertable(table));
    if (table.scope() instanceof RowScope.ByColumn own) {
      columns.add(own.column());
    }
    return columns;
  }

  private static Optional<String> grant(String right, SortedSet<String> columns, TableSpec table) {
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "grant %s (%s) on %s to lb_view;"
                .formatted(right, SqlQuoting.names(columns), table.name().sql()));
  }

  /// The right to set the tenant column of a table, as [#expected] has it; empty if it has none.
  static Optional<BaseRight> tenantUpdate(TableSpec table) {
    return table.scope() instanceof RowScope.ByColumn own
        ? Optional.of(right(table, own.column(), "UPDATE"))
        : Optional.empty();
  }

  private static BaseRight right(TableSpec table, String column, String privilege) {
    return new BaseRight(table.name(), column, privilege);
  }
}
