package org.openlockbox.gateway.fence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads one item under `resources:`. The reference of every key is in docs/fence.md.
final class ResourceReader {
  private static final Duration DECIDE_WITHIN = Duration.ofHours(12);
  private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern PARENT =
      Pattern.compile(
          "([a-z_][a-z0-9_]*) in \\(\\s*select ([a-z_][a-z0-9_]*) from ([a-z_][a-z0-9_.]*)\\s*\\)");

  private final YamlMap map;

  ResourceReader(YamlMap map) {
    this.map = map;
  }

  ResourceSpec read() {
    if (!SLUG.matcher(map.text("id")).matches()) {
      throw map.problem("id", "must be lower-case letters, digits and dashes");
    }
    String schema = plain(map, "schema", map.optionalText("schema").orElse("public"));
    var tenancy = tenancy(map.map("tenancy"));
    var tables = tables(map.map("tables"), schema, tenancy.column());
    var spec =
        new ResourceSpec(
            new ResourceId(map.text("id")),
            map.text("name"),
            address(map.map("postgres")),
            tenancy,
            tables,
            hiddenTables(schema, tables),
            unlisted(),
            catalogs(),
            levels(),
            map.optionalBool("providerReview").orElse(false),
            map.optionalDuration("decideWithin").orElse(DECIDE_WITHIN));
    map.done();
    return spec;
  }

  private static DatabaseAddress address(YamlMap postgres) {
    var address =
        new DatabaseAddress(
            postgres.text("host"),
            port(postgres),
            plain(postgres, "database", postgres.text("database")),
            tls(postgres),
            postgres.optionalText("ca").map(Path::of).orElse(null),
            plain(
                postgres,
                "gatewayRole",
                postgres.optionalText("gatewayRole").orElse("lockbox_gateway")),
            postgres
                .optionalWord("minimumVersion")
                .map(
                    text ->
                        ServerVersion.parse(text)
                            .orElseThrow(
                                () ->
                                    postgres.problem(
                                        "minimumVersion", "must be a release such as 18.6")))
                .orElse(null));
    postgres.done();
    return address;
  }

  private static int port(YamlMap postgres) {
    int port = postgres.optionalInteger("port").orElse(5432);
    if (port < 1 || port > 65_535) {
      throw postgres.problem("port", "must be between 1 and 65535");
    }
    return port;
  }

  private static DatabaseAddress.Tls tls(YamlMap postgres) {
    String word = postgres.optionalText("tls").orElse("verify-full");
    for (var tls : DatabaseAddress.Tls.values()) {
      if (tls.word().equals(word)) {
        return tls;
      }
    }
    throw postgres.problem("tls", "must be verify-full, require or disable, not '" + word + "'");
  }

  private static Tenancy tenancy(YamlMap tenancy) {
    for (String later : List.of("schema", "database")) {
      if (tenancy.has(later)) {
        throw tenancy.problem(
            later, "one " + later + " per tenant is not supported yet; only 'column' is");
      }
    }
    String column = plain(tenancy, "column", tenancy.text("column"));
    var byTenant = tenancy.map("values");
    Map<String, String> values = new LinkedHashMap<>();
    for (String tenant : byTenant.keys()) {
      if (!SLUG.matcher(tenant).matches()) {
        throw byTenant.problem(tenant, "not a tenant id");
      }
      if (values.containsValue(byTenant.word(tenant))) {
        throw byTenant.problem(tenant, "two tenants share the value " + byTenant.word(tenant));
      }
      values.put(tenant, byTenant.word(tenant));
    }
    byTenant.done();
    tenancy.done();
    return new Tenancy(column, values);
  }

  private static List<TableSpec> tables(YamlMap tables, String schema, String tenantColumn) {
    var found = new ArrayList<TableSpec>();
    for (String key : tables.keys()) {
      found.add(table(tables, key, schema, tenantColumn));
    }
    for (TableSpec table : found) {
      String key = keyOf(tables, table.name(), schema);
      if (found.stream().filter(t -> t.name().name().equals(table.name().name())).count() > 1) {
        throw tables.problem(key, "two tables would share the view name " + table.name().name());
      }
      refuseUnrooted(tables, key, table, found);
    }
    return found;
  }

  private static TableSpec table(YamlMap tables, String key, String schema, String tenantColumn) {
    TableName name;
    try {
      name = TableName.parse(key, schema);
    } catch (IllegalArgumentException e) {
      throw tables.problem(key, "must be a plain lower-case name, 'table' or 'schema.table'");
    }
    var map = tables.map(key);
    var masks = masks(map);
    Set<String> hidden = new TreeSet<>(map.texts("hide"));
    for (String column : hidden) {
      plain(map, "hide", column);
      if (masks.containsKey(column)) {
        throw map.problem("hide", column + " is also masked: a hidden column needs no mask");
      }
    }
    var scope = scope(map, schema, tenantColumn);
    map.done();
    return new TableSpec(name, scope, masks, hidden);
  }

  private static Map<String, Mask> masks(YamlMap table) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    var mask = table.optionalMap("mask");
    if (mask.isPresent()) {
      for (String column : mask.get().keys()) {
        masks.put(plain(mask.get(), column, column), maskKind(mask.get(), column));
      }
      mask.get().done();
    }
    return masks;
  }

  private static Mask maskKind(YamlMap mask, String column) {
    String word = mask.word(column);
    for (Mask kind : Mask.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw mask.problem(column, "must be email, last4, redact, 'null' or hash, not '" + word + "'");
  }

  private static RowScope scope(YamlMap table, String schema, String tenantColumn) {
    boolean shared = table.optionalBool("shared").orElse(false);
    var tenant = table.optionalText("tenant");
    if (shared && tenant.isPresent()) {
      throw table.problem("shared", "a shared table has no tenant");
    }
    if (shared) {
      return new RowScope.Shared();
    }
    if (tenant.isEmpty() || TableName.isPlain(tenant.get())) {
      return new RowScope.ByColumn(tenant.orElse(tenantColumn));
    }
    var match = PARENT.matcher(tenant.get());
    if (!match.matches()) {
      throw table.problem(
          "tenant", "must be a column, or 'column in (select parent_column from parent)'");
    }
    try {
      return new RowScope.ByParent(
          match.group(1), TableName.parse(match.group(3), schema), match.group(2));
    } catch (IllegalArgumentException e) {
      throw table.problem("tenant", "the parent must be 'table' or 'schema.table'");
    }
  }

  /// Every chain of parents must end at a table that carries the tenant itself.
  private static void refuseUnrooted(
      YamlMap tables, String key, TableSpec table, List<TableSpec> all) {
    var at = table;
    for (int steps = 0; at.scope() instanceof RowScope.ByParent parent; steps++) {
      at =
          all.stream()
              .filter(candidate -> candidate.name().equals(parent.parent()))
              .findFirst()
              .orElseThrow(
                  () -> tables.problem(key, "the parent " + parent.parent() + " is not listed"));
      if (steps > all.size()) {
        throw tables.problem(key, "the parents form a circle");
      }
    }
    if (at.shared() && !table.shared()) {
      throw tables.problem(key, "the parent " + at.name() + " is shared, so it has no tenant");
    }
  }

  private static String keyOf(YamlMap tables, TableName name, String schema) {
    return tables.keys().stream()
        .filter(key -> TableName.parse(key, schema).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private SortedSet<TableName> hiddenTables(String schema, List<TableSpec> tables) {
    var hidden = new TreeSet<TableName>();
    for (String text : map.texts("hiddenTables")) {
      try {
        hidden.add(TableName.parse(text, schema));
      } catch (IllegalArgumentException e) {
        throw map.problem("hiddenTables", "'" + text + "' is not a plain table name");
      }
    }
    for (TableSpec table : tables) {
      if (hidden.contains(table.name())) {
        throw map.problem("hiddenTables", table.name() + " is also listed under 'tables'");
      }
    }
    return hidden;
  }

  private ResourceSpec.Unlisted unlisted() {
    String word = map.optionalText("unlisted").orElse("refuse");
    return switch (word) {
      case "refuse" -> ResourceSpec.Unlisted.REFUSE;
      case "note" -> ResourceSpec.Unlisted.NOTE;
      default -> throw map.problem("unlisted", "must be refuse or note, not '" + word + "'");
    };
  }

  private ResourceSpec.Catalogs catalogs() {
    String word = map.optionalText("catalogs").orElse("closed");
    return switch (word) {
      case "closed" -> ResourceSpec.Catalogs.CLOSED;
      case "open" -> ResourceSpec.Catalogs.OPEN;
      default -> throw map.problem("catalogs", "must be closed or open, not '" + word + "'");
    };
  }

  private SortedSet<Level> levels() {
    var levels = new TreeSet<Level>();
    for (String word : map.texts("levels")) {
      for (Level level : Level.values()) {
        if (Levels.word(level).equals(word)) {
          levels.add(level);
        }
      }
      if (levels.stream().noneMatch(level -> Levels.word(level).equals(word))) {
        throw map.problem("levels", "must be metadata, masked, read or write, not '" + word + "'");
      }
    }
    if (levels.isEmpty()) {
      throw map.problem("levels", "at least one of metadata, masked, read, write is needed");
    }
    return levels;
  }

  private static String plain(YamlMap map, String key, String name) {
    if (!TableName.isPlain(name)) {
      throw map.problem(key, "'" + name + "' must be a plain lower-case PostgreSQL name");
    }
    return name.toLowerCase(Locale.ROOT);
  }
}
