package org.openlockbox.postgres.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads `tables:` of a resource: whose rows each table holds, its masks, hidden columns,
/// references and look-ups. Where each tenant has a schema of its own, a table of the file stands
/// for one table of each schema.
final class TablesReader {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  /// Of table and column together, with `_by_` between them.
  private static final int LONGEST_LOOKUP = 63 - 4;

  /// In the database of whichever tenant it is: [ResourceSpec#of] names the tenant.
  private static final RowScope ANY_TENANT = new RowScope.Whole("");

  private final YamlMap tables;
  private final String schema;
  private final Tenancy tenancy;

  private TablesReader(YamlMap tables, String schema, Tenancy tenancy) {
    this.tables = tables;
    this.schema = schema;
    this.tenancy = tenancy;
  }

  static List<TableSpec> read(YamlMap tables, String schema, Tenancy tenancy) {
    return new TablesReader(tables, schema, tenancy).read();
  }

  private List<TableSpec> read() {
    var found = new ArrayList<TableSpec>();
    for (String key : tables.keys()) {
      TableSpec table = table(key);
      if (found.stream().anyMatch(t -> t.name().name().equals(table.name().name()))) {
        throw tables.problem(key, "two tables would share the view name " + table.name().name());
      }
      table.lookups().forEach(column -> refuseTwin(key, table, column, found));
      found.add(table);
    }
    found.forEach(table -> refuseUnrooted(table, found));
    found.forEach(table -> refuseUnlistedTarget(table, found));
    return found.stream().flatMap(table -> inEachPlace(table).stream()).toList();
  }

  private void refuseTwin(String key, TableSpec table, String column, List<TableSpec> others) {
    String function = table.lookup(column);
    if (others.stream()
        .anyMatch(
            other -> other.lookups().stream().map(other::lookup).anyMatch(function::equals))) {
      throw tables.problem(key, "two look-ups would share the name " + function);
    }
  }

  private List<TableSpec> inEachPlace(TableSpec table) {
    if (table.shared() || !(tenancy instanceof Tenancy.BySchema own)) {
      return List.of(table);
    }
    return own.schemas().values().stream()
        .map(place -> table.whole(new TableName(place, table.name().name()), place))
        .toList();
  }

  private TableSpec table(String key) {
    TableName name = name(tables, key, key);
    if (!name.fitsDocument()) {
      throw tables.problem(
          key,
          "has characters that no record can show; such a table can only stand in hiddenTables");
    }
    var map = tables.map(key);
    var masks = MaskReader.read(map);
    Set<String> hidden = columns(map, "hide");
    Set<String> unmasked = columns(map, "unmasked");
    for (String column : masks.keySet()) {
      if (hidden.contains(column)) {
        throw map.problem("hide", column + " is also masked: a hidden column needs no mask");
      }
      if (unmasked.contains(column)) {
        throw map.problem("unmasked", column + " is also masked");
      }
    }
    var scope = scope(map);
    var references = ReferenceReader.read(map, schema);
    var lookups = lookups(map, key, name, masks.keySet());
    boolean joinsParent = joinsParent(map, scope);
    map.done();
    if (tenancy instanceof Tenancy.BySchema
        && !(scope instanceof RowScope.Shared)
        && !key.equals(SqlName.of(name.name()))) {
      throw tables.problem(
          key, "stands in each tenant's schema, so it has none here, unless it is shared");
    }
    return new TableSpec(
        name,
        scope,
        new TreeMap<>(masks),
        new TreeSet<>(hidden),
        new TreeSet<>(unmasked),
        references,
        lookups,
        joinsParent);
  }

  /// Only names that need no quotes: a record names the function, and its rule for names is theirs.
  private SortedSet<String> lookups(YamlMap map, String key, TableName table, Set<String> masked) {
    var columns = new TreeSet<>(columns(map, "lookup"));
    for (String column : columns) {
      if (!masked.contains(column)) {
        throw map.problem("lookup", column + " is not masked: compare it as it is");
      }
      if (!PLAIN.matcher(table.name() + column).matches()
          || table.name().length() + column.length() > LONGEST_LOOKUP) {
        throw map.problem(
            "lookup",
            "the function for %s of %s would need quotes or more than 63 letters"
                .formatted(column, key));
      }
    }
    return columns;
  }

  private static boolean joinsParent(YamlMap table, RowScope scope) {
    boolean joins = table.optionalBool("joinParent").orElse(false);
    if (joins && !(scope instanceof RowScope.ByParent)) {
      throw table.problem("joinParent", "only a table with one parent can be joined with it");
    }
    return joins;
  }

  private static Set<String> columns(YamlMap map, String key) {
    Set<String> names = new TreeSet<>();
    map.texts(key).forEach(text -> names.add(Identifiers.of(map, key, text)));
    return names;
  }

  private RowScope scope(YamlMap table) {
    boolean shared = table.optionalBool("shared").orElse(false);
    var tenant = table.optionalText("tenant");
    if (shared && tenant.isPresent()) {
      throw table.problem("shared", "a shared table has no tenant");
    }
    if (shared) {
      return new RowScope.Shared();
    }
    return switch (tenancy) {
      case Tenancy.ByColumn own when tenant.isEmpty() -> new RowScope.ByColumn(own.column());
      case Tenancy.ByColumn _ -> TenantReader.read(table, schema, tenant.orElseThrow());
      case Tenancy.BySchema ignored -> whole(table);
      case Tenancy.ByDatabase ignored -> whole(table);
    };
  }

  private static RowScope whole(YamlMap table) {
    if (table.has("tenant")) {
      throw table.problem("tenant", "the whole table is one tenant's: only 'shared' can be said");
    }
    return ANY_TENANT;
  }

  private TableName name(YamlMap map, String key, String text) {
    try {
      return TableName.parse(text, schema);
    } catch (IllegalArgumentException e) {
      throw map.problem(key, "'" + text + "' " + e.getMessage());
    }
  }

  /// Every chain of parents must end at a table that carries the tenant itself.
  private void refuseUnrooted(TableSpec table, List<TableSpec> all) {
    refuseUnrooted(table, table, all, all.size());
  }

  private void refuseUnrooted(TableSpec table, TableSpec at, List<TableSpec> all, int steps) {
    String key = keyOf(table.name());
    if (steps < 0) {
      throw tables.problem(key, "the parents form a circle");
    }
    if (at.shared() && !table.shared()) {
      throw tables.problem(key, "the parent " + at.name() + " is shared, so it has no tenant");
    }
    for (RowScope.ByParent up : at.scope().parents()) {
      TableSpec parent =
          all.stream()
              .filter(candidate -> candidate.name().equals(up.parent()))
              .findFirst()
              .orElseThrow(
                  () -> tables.problem(key, "the parent " + up.parent() + " is not listed"));
      refuseUnrooted(table, parent, all, steps - 1);
    }
  }

  /// Whose the rows of a table are, only its entry says.
  private void refuseUnlistedTarget(TableSpec table, List<TableSpec> all) {
    table
        .references()
        .forEach(
            (column, target) -> {
              if (target instanceof ReferenceTarget.KeyColumn key
                  && all.stream().noneMatch(other -> other.name().equals(key.table()))) {
                throw tables.problem(
                    keyOf(table.name()),
                    "%s refers to %s, which is not listed: list it, hide %s, or say 'none'"
                        .formatted(column, key.table(), column));
              }
            });
  }

  private String keyOf(TableName name) {
    return tables.keys().stream()
        .filter(key -> TableName.parse(key, schema).equals(name))
        .findFirst()
        .orElseThrow();
  }
}
