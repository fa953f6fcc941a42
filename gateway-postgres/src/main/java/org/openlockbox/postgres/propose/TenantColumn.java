package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openlockbox.postgres.catalogue.Mask.SimpleMask;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.NameWords;
import org.openlockbox.postgres.schema.SchemaTable;

/// A column name that may hold the tenant: the tables that carry it, how many more lead to one of
/// them by declared keys, and the table whose key it is, if foreign keys say so.
record TenantColumn(
    String name, SortedSet<TableName> carriers, int reached, Optional<DeclaredKey> root) {
  private static final Set<String> TENANT = Set.of("tenant");
  private static final Set<String> ORGANISATION =
      Set.of(
          "organization",
          "organisation",
          "org",
          "account",
          "company",
          "workspace",
          "realm",
          "customer",
          "team",
          "shop",
          "store",
          "site",
          "school",
          "clinic",
          "practice",
          "firm",
          "merchant",
          "partner",
          "subscriber",
          "mandant",
          "hospital",
          "instance",
          "business",
          "client",
          "project",
          "space");
  private static final int OF_A_TENANT = 12;
  private static final int OF_AN_ORGANISATION = 4;
  private static final int LEAST_KEYS = 3;
  private static final int CARRIED = 3;

  TenantColumn {
    carriers = new TreeSet<>(carriers);
  }

  /// A table that carries it says more than one that leads to such a table, and much more if the
  /// database itself says of which table it is the key.
  int likelihood() {
    int tables = CARRIED * carriers.size() + reached;
    boolean told = root.isPresent() && carriers.size() >= LEAST_KEYS;
    return weight(name) * (told ? 2 * tables : tables);
  }

  /// `tenant_id: 7 tables carry it, and 3 more lead to one of them by declared keys`.
  String words() {
    return "%s: %d %s it, and %d more %s to one of them by declared keys"
        .formatted(
            DraftText.comment(name),
            carriers.size(),
            carriers.size() == 1 ? "table carries" : "tables carry",
            reached,
            reached == 1 ? "leads" : "lead");
  }

  /// The column of this name, whatever it is called.
  static TenantColumn of(DatabaseOutline outline, String name) {
    var carriers = new TreeSet<TableName>();
    for (SchemaTable table : outline.tables()) {
      table.column(name).ifPresent(_ -> carriers.add(table.name()));
    }
    return of(outline, name, carriers);
  }

  /// Those that may be, the best first: names that speak of tenants count more than the number of
  /// tables behind them.
  static List<TenantColumn> candidates(DatabaseOutline outline) {
    SortedMap<String, SortedSet<TableName>> carriers = new TreeMap<>();
    for (SchemaTable table : outline.tables()) {
      for (SchemaColumn column : table.columns()) {
        if (SimpleMask.HASH.fits(column.type()) || column.type().kind() == 'e') {
          carriers.computeIfAbsent(column.name(), _ -> new TreeSet<>()).add(table.name());
        }
      }
    }
    var found = new ArrayList<TenantColumn>();
    carriers.forEach(
        (name, tables) -> {
          if (weight(name) > 1 || leadToOneTable(outline, name, tables)) {
            found.add(of(outline, name, tables));
          }
        });
    found.sort(
        Comparator.comparingInt((TenantColumn column) -> -column.likelihood())
            .thenComparing(TenantColumn::name));
    return List.copyOf(found);
  }

  private static int weight(String name) {
    var words = NameWords.of(name);
    String target = words.target().isEmpty() ? words.text() : words.target();
    if (TENANT.contains(target)) {
      return OF_A_TENANT;
    }
    return ORGANISATION.contains(target) && !words.target().isEmpty() ? OF_AN_ORGANISATION : 1;
  }

  private static boolean leadToOneTable(
      DatabaseOutline outline, String name, Set<TableName> carriers) {
    var targets = targets(outline, name, carriers);
    return targets.size() == 1
        && outline.keys().stream().filter(key -> holds(key, name, carriers)).count() >= LEAST_KEYS;
  }

  private static Set<TableName> targets(
      DatabaseOutline outline, String name, Set<TableName> carriers) {
    var targets = new HashSet<TableName>();
    outline.keys().stream()
        .filter(key -> holds(key, name, carriers))
        .forEach(key -> targets.add(key.to()));
    return targets;
  }

  private static boolean holds(DeclaredKey key, String name, Set<TableName> carriers) {
    return key.isSingle() && key.column().equals(name) && carriers.contains(key.from());
  }

  private static TenantColumn of(DatabaseOutline outline, String name, Set<TableName> carriers) {
    var root = root(outline, name, carriers);
    var known = new HashSet<>(carriers);
    root.map(DeclaredKey::to).ifPresent(known::add);
    int own = known.size();
    boolean more = true;
    while (more) {
      more = false;
      for (DeclaredKey key : outline.keys()) {
        if (known.contains(key.to()) && known.add(key.from())) {
          more = true;
        }
      }
    }
    return new TenantColumn(name, new TreeSet<>(carriers), known.size() - own, root);
  }

  /// The key that most foreign keys of this name lead to.
  private static Optional<DeclaredKey> root(
      DatabaseOutline outline, String name, Set<TableName> carriers) {
    Map<String, Integer> counts = new HashMap<>();
    List<DeclaredKey> keys =
        outline.keys().stream().filter(key -> holds(key, name, carriers)).toList();
    keys.forEach(key -> counts.merge(target(key), 1, Integer::sum));
    return keys.stream()
        .filter(key -> !carriers.contains(key.to()))
        .max(
            Comparator.comparingInt((DeclaredKey key) -> counts.getOrDefault(target(key), 0))
                .thenComparing(TenantColumn::target, Comparator.reverseOrder()));
  }

  private static String target(DeclaredKey key) {
    return key.to().column(key.key()).toString();
  }
}
