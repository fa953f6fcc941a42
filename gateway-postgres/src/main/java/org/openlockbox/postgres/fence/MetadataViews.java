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
    create schema %1$s;
    grant usage on schema %1$s to %2$s;

    create view %1$s.tables (table_name, rows_belong_to) with (security_barrier) as
      %3$s;
    create view %1$s.columns (table_name, column_name, data_type, nullable, mask) with (security_barrier) as
      %4$s;
    create view %1$s.row_counts (table_name, own_rows) with (security_barrier) as
      %5$s;
    alter view %1$s.tables owner to lb_view;
    alter view %1$s.columns owner to lb_view;
    alter view %1$s.row_counts owner to lb_view;
    grant select on %1$s.tables, %1$s.columns, %1$s.row_counts to %2$s;
    """
        .formatted(
            SqlQuoting.name(set.schema(Level.METADATA)), levels, tables(), columns(), counts());
  }

  private String tables() {
    return set.tables().stream()
        .map(
            table ->
                "(%s, %s)"
                    .formatted(
                        SqlQuoting.text(table.name().name()),
                        SqlQuoting.text(table.shared() ? "everybody" : "one tenant")))
        .collect(Collectors.joining(",\n         ", "values ", ""));
  }

  /// A table may have no column that is shown.
  private String columns() {
    String rows =
        set.tables().stream()
            .flatMap(table -> views.visible(table).stream().map(column -> column(table, column)))
            .collect(Collectors.joining(",\n         "));
    return rows.isEmpty()
        ? "select null::text, null::text, null::text, null::boolean, null::text where false"
        : "values " + rows;
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
