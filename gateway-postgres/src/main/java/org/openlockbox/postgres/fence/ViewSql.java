package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.Levels;
import org.openlockbox.postgres.catalogue.Mask;
import org.openlockbox.postgres.catalogue.ReferenceTarget;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.ViewSet;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The text of one view of the fence: one table at one level.
final class ViewSql {
  /// PostgreSQL's own equality, whatever operators of this name lie elsewhere.
  static final String EQUALS = "operator(pg_catalog.=)";

  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final RowPolicies policies;

  ViewSql(ResourceSpec spec, DatabaseSchema schema) {
    this.spec = spec;
    this.schema = schema;
    this.policies = new RowPolicies(spec, schema);
  }

  String create(Level level, ViewSet set, TableSpec table) {
    String view = set.view(level, table);
    boolean written = level == Level.WRITE && isWritten(table);
    var sql = new StringBuilder();
    String barrier = policies.guard(table) ? "" : " with (security_barrier)";
    sql.append("create view ").append(view).append(barrier).append(" as\n  select ");
    sql.append(columns(level, table));
    sql.append("\n    from ").append(table.name().sql());
    sql.append("\n   where ").append(filter(table));
    if (written) {
      references(table)
          .forEach(reference -> sql.append("\n     and ").append(guard(table, reference)));
    }
    sql.append(written ? "\n  with cascaded check option;\n" : ";\n");
    sql.append("alter view ").append(view).append(" owner to lb_view;\n");
    rights(level, table, view).forEach(line -> sql.append(line).append('\n'));
    return sql.toString();
  }

  /// What a view shows.
  String columns(Level level, TableSpec table) {
    return visible(table).stream()
        .map(column -> expression(level, table, column))
        .collect(Collectors.joining(",\n         "));
  }

  /// Whether the write level may change rows of this table: not of shared ones, not of what the
  /// database computes itself, not where an expression says whose a row is, and not through a view
  /// without columns.
  boolean isWritten(TableSpec table) {
    return !table.shared()
        && !(table.scope() instanceof RowScope.ByExpression)
        && schema.table(table.name()).orElseThrow().kind().isTable()
        && !visible(table).isEmpty();
  }

  /// The columns that exist for engineers, in the table's order.
  List<SchemaColumn> visible(TableSpec table) {
    return schema.table(table.name()).orElseThrow().columns().stream()
        .filter(column -> !table.hidden().contains(column.name()))
        .toList();
  }

  /// The columns that the write level may insert, and of those the ones it may change later: never
  /// what the database computes, never the link to the parent of an existing row, and the tenant
  /// only where nothing sees another value before the view's check refuses it.
  List<String> insertable(TableSpec table) {
    return visible(table).stream()
        .filter(SchemaColumn::writable)
        .map(SchemaColumn::name)
        .filter(name -> !isTenant(table, name) || isCheckedFirst(table, name))
        .toList();
  }

  private boolean isCheckedFirst(TableSpec table, String column) {
    return schema.isCheckedFirst(table.name(), column, policies.guard(table));
  }

  List<String> updatable(TableSpec table) {
    return insertable(table).stream().filter(name -> !isParentLink(table, name)).toList();
  }

  /// The condition that a row belongs to the bound tenant. `lb.t('view')` raises an error, instead
  /// of answering, for a session without a binding, after its end, or without a right to this
  /// table. Where policies hold the rows, it raises one as well if they were switched off.
  String filter(TableSpec table) {
    if (policies.guard(table)) {
      return policies.allowed(table)
          + (table.joinsParent() ? "\n     and " + policies.join(table) : "");
    }
    String bound = "lb.t(" + SqlQuoting.text(table.name().name()) + ")";
    if (table.shared()) {
      return "(select " + bound + ") is not null";
    }
    return scope(table, bound);
  }

  private String scope(TableSpec table, String bound) {
    return switch (table.scope()) {
      case RowScope.ByColumn own ->
          "%s %s (select %s::%s)"
              .formatted(
                  value("", column(table.name(), own.column())),
                  column(table.name(), own.column()).key().equality(),
                  bound,
                  tenantType(table));
      case RowScope.ByExpression in -> "%s %s (select %s)".formatted(in.sql(""), EQUALS, bound);
      case RowScope.ByParent up ->
          isMeant(schema, table, "", up).map(meant -> meant + " and ").orElse("")
              + link(table, up, bound);
      case RowScope.ByParents up -> {
        var links = up.alternatives();
        yield links.stream()
            .map(one -> "(%s or %s)".formatted(absent(table, one), link(table, one, bound)))
            .collect(
                Collectors.joining(
                    "\n     and ",
                    "",
                    "\n     and not (%s)"
                        .formatted(
                            links.stream()
                                .map(one -> absent(table, one))
                                .collect(Collectors.joining(" and ")))));
      }
      case RowScope.Whole whole ->
          "(select %s) %s %s".formatted(bound, EQUALS, SqlQuoting.text(whole.tenant()));
      case RowScope.Shared shared -> throw new IllegalStateException("shared: no tenant");
    };
  }

  private String link(TableSpec table, RowScope.ByParent up, String bound) {
    return areKeysOf(
        up.columns().stream().map(link -> column(table.name(), link)).toList(),
        spec.table(up.parent()).orElseThrow(),
        up.keys().stream().map(key -> column(up.parent(), key)).toList(),
        bound);
  }

  private String absent(TableSpec table, RowScope.ByParent up) {
    return isAbsent(schema, table, "", up);
  }

  /// Whether a row has no such link: its discriminator says another table, or its columns are null,
  /// all of them if they are several.
  static String isAbsent(
      DatabaseSchema schema, TableSpec table, String prefix, RowScope.ByParent up) {
    String isNull =
        up.columns().stream()
            .map(column -> prefix + SqlQuoting.name(column) + " is null")
            .collect(Collectors.joining(" and ", "(", ")"));
    return isMeant(schema, table, prefix, up)
        .map(meant -> "((%s) is not true or %s)".formatted(meant, isNull))
        .orElse(isNull);
  }

  /// Whether the discriminator of a row says this parent, if there is one.
  static Optional<String> isMeant(
      DatabaseSchema schema, TableSpec table, String prefix, RowScope.ByParent up) {
    return up.only()
        .map(
            only -> {
              SchemaColumn column = schema.column(table.name().column(only.column())).orElseThrow();
              return "%s %s %s::%s"
                  .formatted(
                      value(prefix, column),
                      column.key().equality(),
                      SqlQuoting.text(only.value()),
                      column.type().tenantCast());
            });
  }

  /// Columns hold the keys of one row inside the scope, all of them compared by one operator
  /// ([KeyCheck]). A null is no key.
  private String areKeysOf(
      List<SchemaColumn> columns, TableSpec target, List<SchemaColumn> keys, String bound) {
    var values = new ArrayList<String>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(value("", columns.get(i)) + collation(columns.get(i), keys.get(i)));
    }
    return "%s %s any (select %s from %s where %s)"
        .formatted(
            values.size() == 1
                ? values.getFirst()
                : values.stream().collect(Collectors.joining(", ", "row(", ")")),
            keys.getFirst().key().equality(),
            keys.stream().map(key -> value("", key)).collect(Collectors.joining(", ")),
            target.name().sql(),
            scope(target, bound));
  }

  /// An enum without its domains: PostgreSQL finds the equality of enums for no domain.
  static String value(String prefix, SchemaColumn column) {
    String name = prefix + SqlQuoting.name(column.name());
    return column.type().isEnum() ? name + "::" + column.type().cast() : name;
  }

  /// Where the two have different collations, both of them deterministic, the comparison names the
  /// one of the key, as its index has it.
  static String collation(SchemaColumn column, SchemaColumn key) {
    return column.key().isAtOddsWith(key.key())
        ? key.key().collation().map(name -> " collate " + name).orElse("")
        : "";
  }

  SchemaColumn column(TableName table, String column) {
    return schema.table(table).flatMap(t -> t.column(column)).orElseThrow();
  }

  /// A column of a table that leads into the rows of tenants: by a foreign key of one column, or by
  /// the word of the catalogue.
  ///
  /// @param empty the value besides null that leads nowhere
  record Reference(SchemaColumn column, TableSpec target, String key, Optional<String> empty) {}

  /// What a write may set and the fence has to hold inside the tenant.
  List<Reference> references(TableSpec table) {
    var found = new LinkedHashSet<Reference>();
    for (SchemaColumn column : visible(table)) {
      if (!isTenant(table, column.name()) && !isParentLink(table, column.name())) {
        column
            .pointsTo()
            .forEach(target -> byForeignKey(table, column, target).ifPresent(found::add));
      }
      if (table.references().get(column.name()) instanceof ReferenceTarget.KeyColumn key) {
        tenantsTable(table, key.table())
            .filter(target -> !isLinkTo(table, column.name(), key))
            .map(target -> new Reference(column, target, key.column(), key.empty()))
            .ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  private Optional<Reference> byForeignKey(
      TableSpec table, SchemaColumn column, ColumnName target) {
    return tenantsTable(table, target.table())
        .map(other -> new Reference(column, other, target.column(), Optional.empty()));
  }

  /// The listed table of this name, if rows in it may be of other tenants than the row that leads
  /// there.
  private Optional<TableSpec> tenantsTable(TableSpec from, TableName name) {
    return spec.table(name).filter(other -> !other.shared() && !isSameWhole(from, other));
  }

  /// The filter holds the link to the parent already.
  private static boolean isLinkTo(TableSpec table, String column, ReferenceTarget.KeyColumn key) {
    return table
        .scope()
        .parents()
        .contains(new RowScope.ByParent(column, key.table(), key.column()));
  }

  private static boolean isSameWhole(TableSpec table, TableSpec other) {
    return table.scope() instanceof RowScope.Whole && table.scope().equals(other.scope());
  }

  /// A row that may be written must not point to another tenant's row: a foreign key alone does not
  /// know tenants.
  private String guard(TableSpec table, Reference reference) {
    String bound = "lb.t(" + SqlQuoting.text(table.name().name()) + ")";
    SchemaColumn column = reference.column();
    SchemaColumn key = column(reference.target().name(), reference.key());
    String name = SqlQuoting.name(column.name());
    var ways = new ArrayList<String>();
    if (!column.notNull()) {
      ways.add(name + " is null");
    }
    reference
        .empty()
        .map(value -> SqlQuoting.text(value) + "::" + column.type().cast())
        .ifPresent(
            value ->
                ways.add("%s %s %s".formatted(value("", column), column.key().equality(), value)));
    ways.add(areKeysOf(List.of(column), reference.target(), List.of(key), bound));
    return ways.size() == 1 ? ways.getFirst() : "(" + String.join(" or ", ways) + ")";
  }

  private String tenantType(TableSpec table) {
    var own = (RowScope.ByColumn) table.scope();
    return column(table.name(), own.column()).type().tenantCast();
  }

  private String expression(Level level, TableSpec table, SchemaColumn column) {
    String name = SqlQuoting.name(column.name());
    Mask mask = table.masks().get(column.name());
    return level == Level.MASKED && mask != null ? mask.sql(column) + " as " + name : name;
  }

  private List<String> rights(Level level, TableSpec table, String view) {
    String role = Levels.role(level);
    var lines = new ArrayList<String>();
    lines.add("grant select on " + view + " to " + role + ";");
    if (level == Level.WRITE && isWritten(table)) {
      if (table.scope() instanceof RowScope.ByColumn own
          && !table.hidden().contains(own.column())) {
        lines.add(
            "alter view %s alter column %s set default lb.t(%s)::%s;"
                .formatted(
                    view,
                    SqlQuoting.name(own.column()),
                    SqlQuoting.text(table.name().name()),
                    tenantType(table)));
      }
      visible(table).stream()
          .flatMap(column -> column.sequence().stream().map(from -> next(view, column, from)))
          .forEach(lines::add);
      grant("insert", insertable(table), view, role).ifPresent(lines::add);
      grant("update", updatable(table), view, role).ifPresent(lines::add);
      lines.add("grant delete on " + view + " to " + role + ";");
    }
    return lines;
  }

  /// A table may have no column that a session writes.
  private static Optional<String> grant(
      String right, List<String> columns, String view, String role) {
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "grant %s (%s) on %s to %s;".formatted(right, SqlQuoting.names(columns), view, role));
  }

  /// The session role has no right on sequences, so the view's own default asks for it.
  private static String next(String view, SchemaColumn column, TableName sequence) {
    return "alter view %s alter column %s set default lb.next(%s)::%s;"
        .formatted(
            view,
            SqlQuoting.name(column.name()),
            SqlQuoting.text(sequence.sql()),
            column.type().cast());
  }

  static boolean isTenant(TableSpec table, String column) {
    return table.scope() instanceof RowScope.ByColumn own && own.column().equals(column);
  }

  static boolean isParentLink(TableSpec table, String column) {
    return !isTenant(table, column) && table.scope().isBy(column);
  }
}
