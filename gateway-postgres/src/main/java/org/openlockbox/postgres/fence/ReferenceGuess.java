package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnKey;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ReferenceTarget;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.personal.NameWords;
import org.openlockbox.postgres.personal.TableNameFit;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Where a column leads that has no foreign key, by its name and type. A guess is made only if the
/// column can be compared with a unique key of a table of tenants:
///
/// | hint | example |
/// |---|---|
/// | another table has a column of this name, which is a reference | `group_id` |
/// | a table's name, and a word for keys behind it | `group_id`, `parentGroupId` with `keycloak_group` |
/// | a word for the same table | `parent_id` |
/// | a table's name alone, and the very type of a key that few other columns have | `parent_group uuid` |
/// | a sibling says into which table | `owner_id` beside `owner_type` |
/// | the name of the tenant column, while another column or table says whose the row is | `tenant_id` |
final class ReferenceGuess {
  private static final Set<String> SAME_TABLE =
      Set.of("parent", "root", "previous", "next", "original", "source", "master", "child");
  private static final Pattern NARROW = Pattern.compile("char(acter)?( varying)?\\([1-9][0-9]?\\)");

  private final DatabaseSchema schema;
  private final String tenantColumn;
  private final Map<String, List<KeyedTable>> byLastWord = new HashMap<>();
  private final Map<String, KeyedTable> byReference = new TreeMap<>();

  /// A table of tenants, and its key.
  private record KeyedTable(TableSpec table, SchemaColumn key) {
    ColumnName column() {
      return table.name().column(key.name());
    }
  }

  /// Why it looks like a reference, and the key that it may lead to, if that is known.
  record Hint(String why, Optional<ColumnName> target) {
    /// What to write into resources.yaml.
    String fix(TableSpec table, SchemaColumn column) {
      String name = SqlName.inYaml(column.name());
      String none = "`references: {%s: none}`".formatted(name);
      return target
          .map(
              key ->
                  "write under %s: `references: {%s: %s}`, or %s if it leads nowhere."
                      .formatted(table.name(), name, inYaml(key), none))
          .orElseGet(
              () ->
                  "hide %s, or, if no row of another tenant can be meant, write under %s: %s."
                      .formatted(SqlName.of(column.name()), table.name(), none));
    }

    private static String inYaml(ColumnName key) {
      return SqlName.inYaml(key.table().schema(), key.table().name(), key.column());
    }
  }

  ReferenceGuess(ResourceSpec spec, DatabaseSchema schema, String tenantColumn) {
    this.schema = schema;
    this.tenantColumn = tenantColumn;
    List<KeyedTable> keyed =
        spec.tables().stream()
            .filter(table -> !table.shared())
            .flatMap(table -> keyed(table).stream())
            .toList();
    for (KeyedTable table : keyed) {
      byLastWord.computeIfAbsent(lastWord(table), _ -> new ArrayList<>()).add(table);
    }
    Map<ColumnName, KeyedTable> byKey = new HashMap<>();
    keyed.forEach(to -> byKey.put(to.column(), to));
    spec.tables().forEach(table -> known(table, byKey));
  }

  private Optional<KeyedTable> keyed(TableSpec table) {
    var keys =
        schema.table(table.name()).stream()
            .flatMap(found -> found.columns().stream())
            .filter(column -> column.key().proof() == ColumnKey.Proof.UNIQUE)
            .toList();
    return keys.stream()
        .filter(key -> key.name().equals("id"))
        .findFirst()
        .or(() -> keys.stream().filter(key -> isKeyName(key.name())).findFirst())
        .or(() -> keys.stream().findFirst())
        .map(key -> new KeyedTable(table, key));
  }

  private static String lastWord(KeyedTable table) {
    return NameWords.of(table.table().name().name()).row().getLast();
  }

  /// Remembers which columns of a table are references by a foreign key or by the catalogue.
  private void known(TableSpec table, Map<ColumnName, KeyedTable> byKey) {
    for (SchemaColumn column : schema.table(table.name()).map(t -> t.columns()).orElse(List.of())) {
      Optional<ColumnName> target =
          table.references().get(column.name()) instanceof ReferenceTarget.KeyColumn key
              ? Optional.of(key.table().column(key.column()))
              : column.pointsTo().stream().findFirst();
      KeyedTable to = target.map(byKey::get).orElse(null);
      if (to != null && !to.table().equals(table) && isKeyName(column.name())) {
        byReference.putIfAbsent(column.name(), to);
      }
    }
  }

  Optional<Hint> of(TableSpec table, SchemaColumn column) {
    if (column.name().equals(tenantColumn)) {
      return Optional.of(
          new Hint(
              "has the name of the tenant column, which is another one here", Optional.empty()));
    }
    var words = NameWords.of(column.name());
    return twin(column)
        .or(() -> named(words, column))
        .or(() -> sameTable(table, words, column))
        .map(ReferenceGuess::hint)
        .or(() -> polymorphic(table, words));
  }

  private static Hint hint(KeyedTable to) {
    return new Hint("looks like a reference to " + to.column(), Optional.of(to.column()));
  }

  private Optional<KeyedTable> twin(SchemaColumn column) {
    return Optional.ofNullable(byReference.get(column.name())).filter(to -> isKeyOf(to, column));
  }

  private Optional<KeyedTable> named(NameWords words, SchemaColumn column) {
    boolean isBare = words.target().isEmpty();
    String stem = isBare ? words.text() : words.target();
    String last = NameWords.of(stem).singulars().getLast();
    return byLastWord.getOrDefault(last, List.of()).stream()
        .filter(to -> isKeyOf(to, column) && !(isBare && !isOfNarrowType(to, column)))
        .min(
            Comparator.<KeyedTable, TableNameFit>comparing(
                    to -> TableNameFit.of(stem, to.table().name().name()))
                .thenComparing(to -> to.table().name()));
  }

  private Optional<KeyedTable> sameTable(TableSpec table, NameWords words, SchemaColumn column) {
    return SAME_TABLE.contains(words.target())
        ? keyed(table).filter(to -> isKeyOf(to, column))
        : Optional.empty();
  }

  private Optional<Hint> polymorphic(TableSpec table, NameWords words) {
    String target = words.target();
    return target.isEmpty()
        ? Optional.empty()
        : schema.table(table.name()).orElseThrow().columns().stream()
            .filter(sibling -> NameWords.of(sibling.name()).kindOf().equals(target))
            .findFirst()
            .map(
                sibling ->
                    new Hint(
                        "looks like a reference to the table that %s names"
                            .formatted(SqlName.of(sibling.name())),
                        Optional.empty()));
  }

  private static boolean isKeyOf(KeyedTable to, SchemaColumn column) {
    return column.key().isComparedAs(to.key().key());
  }

  /// Whether the two have one type that columns without keys seldom have.
  private static boolean isOfNarrowType(KeyedTable to, SchemaColumn column) {
    String type = column.type().shown();
    return type.equals(to.key().type().shown())
        && (type.equals("uuid") || NARROW.matcher(type).matches());
  }

  private static boolean isKeyName(String column) {
    return !NameWords.of(column).target().isEmpty();
  }
}
