package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.breaks;
import static org.openlockbox.postgres.fence.Deviation.note;
import static org.openlockbox.postgres.fence.Deviation.refuses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ReferenceTarget;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.SchemaTable;

/// Compares the catalogue with the tables that exist: what the catalogue asks for and the database
/// cannot give safely, and what the database holds and the catalogue forgot.
final class CatalogueCheck {
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final List<Deviation> found = new ArrayList<>();

  private CatalogueCheck(ResourceSpec spec, DatabaseSchema schema) {
    this.spec = spec;
    this.schema = schema;
  }

  static List<Deviation> of(ResourceSpec spec, DatabaseSchema schema) {
    var check = new CatalogueCheck(spec, schema);
    spec.tables().forEach(check::table);
    check.found.addAll(MaskCheck.of(spec, schema));
    check.found.addAll(ReferenceCheck.of(spec, schema));
    check.slow();
    check.forgotten();
    check.found.addAll(ExtensionCheck.of(spec, schema));
    return List.copyOf(check.found);
  }

  /// Those that make a plan impossible: the SQL could not be written or would not be safe. What the
  /// catalogue forgot is none of them.
  static List<Deviation> obstacles(ResourceSpec spec, DatabaseSchema schema) {
    return of(spec, schema).stream().filter(Deviation::endsSessions).toList();
  }

  private void table(TableSpec wanted) {
    var table = schema.table(wanted.name());
    if (table.isEmpty()) {
      found.add(
          breaks(
              "table-missing",
              wanted.name().toString(),
              "The catalogue lists " + wanted.name() + ", which the database does not have.",
              "correct the name in resources.yaml, or remove the table there."));
      return;
    }
    if (!table.get().kind().canBeFenced() || table.get().partition()) {
      String is = table.get().partition() ? "partition" : table.get().kind().words();
      found.add(
          breaks(
              "not-a-table",
              wanted.name().toString(),
              wanted.name() + " is a " + is + ": its rows cannot be fenced by tenant.",
              "list the table (or the partitioned parent) behind it instead."));
      return;
    }
    if (table.get().rowSecurity().isOfApplication()) {
      found.add(
          note(
              "row-security",
              wanted.name().toString(),
              wanted.name()
                  + " has row-level security: policies keep lb_view to the bound tenant there too."
                  + " Restrictive policies of the application apply to it as well.",
              ""));
    }
    scope(wanted, table.get());
    wanted.lookups().stream()
        .flatMap(name -> table.get().column(name).stream())
        .forEach(column -> found.addAll(KeyCheck.lookup(wanted, column)));
  }

  private void scope(TableSpec wanted, SchemaTable table) {
    switch (wanted.scope()) {
      case RowScope.ByColumn own ->
          keyColumn(wanted, table, own.column())
              .ifPresent(
                  column -> {
                    nullable(wanted, table, column);
                    found.addAll(KeyCheck.tenant(spec, wanted, column));
                  });
      case RowScope.ByExpression in ->
          keyColumn(wanted, table, in.column())
              .ifPresent(
                  column -> {
                    nullable(wanted, table, column);
                    found.addAll(KeyCheck.expression(spec, wanted, column, in.part()));
                    part(wanted, column);
                  });
      case RowScope.ByParent up -> {
        up.columns().stream()
            .flatMap(link -> table.column(link).stream())
            .forEach(link -> nullable(wanted, table, link));
        parent(wanted, table, up);
      }
      case RowScope.ByParents up -> up.alternatives().forEach(one -> parent(wanted, table, one));
      case RowScope.Whole whole -> {}
      case RowScope.Shared shared -> {}
    }
    if (references(wanted, table)) {
      found.addAll(KeyCheck.references(spec, schema, wanted));
    }
  }

  /// Whether every column that the catalogue calls a reference is there, and what it leads to.
  private boolean references(TableSpec wanted, SchemaTable table) {
    int before = found.size();
    wanted
        .references()
        .forEach(
            (column, target) -> {
              if (table.column(column).isEmpty()) {
                referenceMissing(wanted, wanted.name().column(column).toString());
              }
              if (target instanceof ReferenceTarget.KeyColumn key
                  && schema.table(key.table()).flatMap(t -> t.column(key.column())).isEmpty()) {
                referenceMissing(wanted, key.toString());
              }
            });
    return found.size() == before;
  }

  private void referenceMissing(TableSpec wanted, String column) {
    found.add(
        breaks(
            "reference-missing",
            column,
            "The catalogue names %s in a reference of %s, which does not exist: a renamed column may be leading to other tenants' rows."
                .formatted(column, wanted.name()),
            "correct 'references' of " + wanted.name() + " in resources.yaml."));
  }

  private void parent(TableSpec wanted, SchemaTable table, RowScope.ByParent up) {
    boolean complete = true;
    for (RowScope.ByParent.KeyLink link : up.links()) {
      complete &= keyColumn(wanted, table, link.column()).isPresent();
      complete &= parentKey(wanted, up.parent().column(link.key()));
    }
    if (complete) {
      found.addAll(KeyCheck.parent(schema, wanted, up));
    }
    up.only()
        .ifPresent(
            only ->
                keyColumn(wanted, table, only.column())
                    .ifPresent(
                        column ->
                            found.addAll(KeyCheck.discriminator(wanted, column, only.value()))));
  }

  private boolean parentKey(TableSpec wanted, ColumnName key) {
    var column = schema.column(key);
    if (column.isEmpty()) {
      found.add(
          breaks(
              "tenant-column-missing",
              key.toString(),
              "%s takes its tenant from %s, which does not exist.".formatted(wanted.name(), key),
              "correct 'tenant' of " + wanted.name() + " in resources.yaml."));
    }
    return column.isPresent();
  }

  private Optional<SchemaColumn> keyColumn(TableSpec wanted, SchemaTable table, String name) {
    var column = table.column(name);
    if (column.isEmpty()) {
      found.add(
          breaks(
              "tenant-column-missing",
              wanted.name().column(name).toString(),
              "%s has no column %s, which should tie its rows to a tenant."
                  .formatted(wanted.name(), SqlName.of(name)),
              "say in resources.yaml how its rows belong to a tenant, or that it is shared."));
    }
    return column;
  }

  /// Tables that could be faster, and what that would change for others.
  private void slow() {
    if (spec.filter() != ResourceSpec.Filter.AUTO) {
      return;
    }
    var shared = new TreeMap<String, List<String>>();
    for (TableSpec table : spec.tables()) {
      schema
          .table(table.name())
          .filter(known -> known.kind().isTable() && !known.rowSecurity().isOfApplication())
          .flatMap(known -> known.rowSecurity().others())
          .ifPresent(
              roles ->
                  shared
                      .computeIfAbsent(roles, key -> new ArrayList<>())
                      .add(table.name().toString()));
    }
    shared.forEach(
        (roles, tables) ->
            found.add(
                note(
                    "filter-views",
                    tables.getFirst(),
                    "%d tables are filtered by barrier views, since %s hold rights on them: joins and"
                            .formatted(tables.size(), roles)
                        + " sorted pages are slower there.",
                    "'filter: policies' in resources.yaml makes them fast; then COPY FROM and pg_dump"
                        + " need the tables' owner (docs/fence.md).")));
  }

  private void part(TableSpec wanted, SchemaColumn column) {
    ColumnName name = wanted.name().column(column.name());
    found.add(
        note(
            "tenant-part",
            name.toString(),
            "Whose a row of %s is, a part of %s says: no key of the database holds it, so whoever writes that column decides."
                .formatted(wanted.name(), name),
            ""));
  }

  private void nullable(TableSpec wanted, SchemaTable table, SchemaColumn column) {
    if (table.kind().isTable() && !column.notNull()) {
      ColumnName name = wanted.name().column(column.name());
      found.add(
          note(
              "tenant-nullable",
              name.toString(),
              name + " can be null: such rows belong to nobody, and no session sees them.",
              ""));
    }
  }

  private void forgotten() {
    for (SchemaTable table : schema.tables().values()) {
      boolean known =
          spec.table(table.name()).isPresent() || spec.hiddenTables().contains(table.name());
      if (table.kind().isTable() && !table.partition() && !known) {
        String sentence =
            "The catalogue says nothing about the table %s; engineers cannot see it."
                .formatted(table.name());
        String fix = "list it in resources.yaml under 'tables' or under 'hiddenTables'.";
        String subject = table.name().toString();
        found.add(
            spec.unlisted() == ResourceSpec.Unlisted.REFUSE
                ? refuses("table-forgotten", subject, sentence, fix)
                : note("table-forgotten", subject, sentence, fix));
      }
    }
  }
}
