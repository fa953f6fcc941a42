package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.Tenancy;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Columns that level `write` may set and that may lead to other tenants' rows, while neither a
/// foreign key nor the catalogue says where they lead: the views compare them with nothing. Their
/// names are hints ([ReferenceGuess]); `references` in resources.yaml ends the warning.
///
/// Only where tenants share tables: else a key is looked up among the tenant's own rows.
final class ReferenceCheck {
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final ViewSql views;
  private final ReferenceGuess guess;
  private final List<Deviation> found = new ArrayList<>();

  private ReferenceCheck(ResourceSpec spec, DatabaseSchema schema, Tenancy.ByColumn tenancy) {
    this.spec = spec;
    this.schema = schema;
    this.views = new ViewSql(spec, schema);
    this.guess = new ReferenceGuess(spec, schema, tenancy.column());
  }

  static List<Deviation> of(ResourceSpec spec, DatabaseSchema schema) {
    if (!spec.levels().contains(Level.WRITE)
        || !(spec.tenancy() instanceof Tenancy.ByColumn tenancy)) {
      return List.of();
    }
    var check = new ReferenceCheck(spec, schema, tenancy);
    spec.tables().stream()
        .filter(table -> schema.table(table.name()).isPresent())
        .filter(check.views::isWritten)
        .forEach(check::table);
    return List.copyOf(check.found);
  }

  private void table(TableSpec table) {
    table.scope().parents().forEach(up -> parent(table, up));
    for (SchemaColumn column : views.visible(table)) {
      if (column.writable()
          && !ViewSql.isTenant(table, column.name())
          && !ViewSql.isParentLink(table, column.name())
          && !table.references().containsKey(column.name())) {
        if (column.pointsTo().isEmpty()) {
          guess.of(table, column).ifPresent(hint -> undeclared(table, column, hint));
        } else {
          unlisted(column).ifPresent(target -> unguarded(table, column, target));
        }
      }
    }
  }

  /// Rows that outlive their parent belong to whoever makes one with its key. Foreign keys of
  /// several columns are not looked for.
  private void parent(TableSpec table, RowScope.ByParent up) {
    boolean free =
        spec.table(up.parent())
            .filter(views::isWritten)
            .filter(parent -> views.insertable(parent).containsAll(up.keys()))
            .isPresent();
    if (free && up.links().size() == 1 && !isForeignKey(table, up, up.links().getFirst())) {
      String name = table.name().toString();
      found.add(
          warning(
              "parent-undeclared",
              name,
              "At level write, a session may make a row of %s with a key that rows of %s still hold, and sees these: no foreign key ties them."
                  .formatted(up.parent(), name),
              "add a foreign key from %s (%s) to %s (%s), or use keys that never come back."
                  .formatted(name, names(up.columns()), up.parent(), names(up.keys()))));
    }
  }

  private boolean isForeignKey(
      TableSpec table, RowScope.ByParent up, RowScope.ByParent.KeyLink link) {
    return schema
        .column(table.name().column(link.column()))
        .filter(column -> column.pointsTo().contains(up.parent().column(link.key())))
        .isPresent();
  }

  private static String names(List<String> columns) {
    return columns.stream().map(SqlName::of).collect(Collectors.joining(", "));
  }

  /// What a foreign key references, if the catalogue says of none of its targets whose rows it has.
  private Optional<ColumnName> unlisted(SchemaColumn column) {
    boolean known =
        column.pointsTo().stream().anyMatch(target -> spec.table(target.table()).isPresent());
    return known ? Optional.empty() : Optional.of(column.pointsTo().getFirst());
  }

  private void undeclared(TableSpec table, SchemaColumn column, ReferenceGuess.Hint hint) {
    String name = table.name().column(column.name()).toString();
    found.add(
        warning(
            "reference-undeclared",
            name,
            "At level write, %s may be set to another tenant's value: it %s, and neither a foreign key nor the catalogue ties it."
                .formatted(name, hint.why()),
            hint.fix(table, column)));
  }

  private void unguarded(TableSpec table, SchemaColumn column, ColumnName target) {
    String name = table.name().column(column.name()).toString();
    found.add(
        warning(
            "reference-unlisted",
            name,
            "At level write, %s may lead to another tenant's row: its foreign key references %s, which the catalogue does not list under 'tables'."
                .formatted(name, target),
            "list that table, hide %s, or, if its rows belong to nobody, write under %s: `references: {%s: none}`."
                .formatted(
                    SqlName.of(column.name()), table.name(), SqlName.inYaml(column.name()))));
  }
}
