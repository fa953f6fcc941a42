package org.openlockbox.postgres.fence;

import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Levels;
import org.openlockbox.postgres.catalogue.Mask;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.ViewSet;

/// The views of the `metadata` level. Names, types and masks are written into the views as
/// constants: no default, comment, function body or statistic of the real catalogs can shine
/// through.
final class MetadataViews {

  private final ResourceSpec spec;
  private final ViewSql views;
  private final ViewSet set;

  MetadataViews(ResourceSpec spec, ViewSql views, ViewSet set) {
    this.spec = spec;
    this.views = views;
    this.set = set;
  }

  String sql() {
    String levels =
        spec.levels().stream().map(Levels::role).distinct().collect(Collectors.joining(", "));
    return """
    create schema lb_metadata;
    grant usage on schema lb_metadata to %s;

    create view lb_metadata.tables (table_name, rows_belong_to) with (security_barrier) as
      values %s;
    create view lb_metadata.columns (table_name, column_name, data_type, nullable, mask) with (security_barrier) as
      values %s;
    create view lb_metadata.row_counts (table_name, own_rows) with (security_barrier) as
      %s;
    alter view lb_metadata.tables owner to lb_view;
    alter view lb_metadata.columns owner to lb_view;
    alter view lb_metadata.row_counts owner to lb_view;
    grant select on lb_metadata.tables, lb_metadata.columns, lb_metadata.row_counts to %s;
    """
        .replace("lb_metadata", set.schema(Level.METADATA))
        .formatted(levels, tables(), columns(), counts(), levels);
  }

  private String tables() {
    return set.tables().stream()
        .map(
            table ->
                "(%s, %s)"
                    .formatted(
                        SqlQuoting.text(table.name().name()),
                        SqlQuoting.text(table.shared() ? "everybody" : "one tenant")))
        .collect(Collectors.joining(",\n         "));
  }

  private String columns() {
    return set.tables().stream()
        .flatMap(table -> views.visible(table).stream().map(column -> column(table, column)))
        .collect(Collectors.joining(",\n         "));
  }

  private static String column(TableSpec table, SchemaColumn column) {
    Mask mask = table.masks().get(column.name());
    return "(%s, %s, %s, %s, %s)"
        .formatted(
            SqlQuoting.text(table.name().name()),
            SqlQuoting.text(column.name()),
            SqlQuoting.text(column.type().shown()),
            !column.notNull(),
            mask == null ? "null" : SqlQuoting.text(mask.word()));
  }

  private String counts() {
    return set.tables().stream()
        .map(
            table ->
                "select %s, case when lb.covers(%s) then (select count(*) from %s where %s) end"
                    .formatted(
                        SqlQuoting.text(table.name().name()),
                        SqlQuoting.text(table.name().name()),
                        table.name().sql(),
                        views.filter(table)))
        .collect(Collectors.joining("\n      union all\n      "));
  }
}
