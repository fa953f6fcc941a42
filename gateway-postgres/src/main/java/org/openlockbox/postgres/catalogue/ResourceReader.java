package org.openlockbox.postgres.catalogue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads one item under `resources:`. The reference of every key is in docs/fence.md.
final class ResourceReader {
  private static final Duration DECIDE_WITHIN = Duration.ofHours(12);
  private static final Pattern EXTENSION = Pattern.compile("[a-z_][a-z0-9_-]{0,62}");
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final String DEFAULT_SCHEMA = "public";
  private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  /// Views of a tenant's schema stand in `lb_metadata__` and its name.
  private static final int LONGEST_PLACE = 63 - "lb_metadata__".length();

  private final YamlMap map;

  ResourceReader(YamlMap map) {
    this.map = map;
  }

  ResourceSpec read() {
    if (!SLUG.matcher(map.text("id")).matches()) {
      throw map.problem("id", "must be lower-case letters, digits and dashes");
    }
    String schema =
        Identifiers.of(map, "schema", map.optionalText("schema").orElse(DEFAULT_SCHEMA));
    var tenancy = tenancy(map.map("tenancy"));
    var tables = TablesReader.read(map.map("tables"), schema, tenancy);
    var spec =
        new ResourceSpec(
            new ResourceId(map.text("id")),
            map.text("name"),
            address(map.map("postgres")),
            tenancy,
            tables,
            hiddenTables(schema, tables),
            unmasked(),
            unlisted(),
            extensions(),
            catalogs(),
            filter(),
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
            postgres.optionalMap("clientCertificate").map(ResourceReader::shown).orElse(null),
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
    if (address.shown().isPresent() && address.tls() == DatabaseAddress.TlsMode.DISABLE) {
      throw postgres.problem("clientCertificate", "needs tls");
    }
    postgres.done();
    return address;
  }

  private static DatabaseAddress.ClientCertificate shown(YamlMap files) {
    var read =
        new DatabaseAddress.ClientCertificate(
            Path.of(files.text("certificate")), Path.of(files.text("key")));
    files.done();
    return read;
  }

  private static int port(YamlMap postgres) {
    int port = postgres.optionalInteger("port").orElse(5432);
    if (port < 1 || port > 65_535) {
      throw postgres.problem("port", "must be between 1 and 65535");
    }
    return port;
  }

  private static DatabaseAddress.TlsMode tls(YamlMap postgres) {
    String word = postgres.optionalText("tls").orElse("verify-full");
    for (var tls : DatabaseAddress.TlsMode.values()) {
      if (tls.word().equals(word)) {
        return tls;
      }
    }
    throw postgres.problem("tls", "must be verify-full, require or disable, not '" + word + "'");
  }

  private static Tenancy tenancy(YamlMap tenancy) {
    Tenancy read;
    if (tenancy.has("schema")) {
      read = new Tenancy.BySchema(places(tenancy.map("schema"), ResourceReader::schema));
    } else if (tenancy.has("database")) {
      read = new Tenancy.ByDatabase(places(tenancy.map("database"), ResourceReader::plain));
    } else {
      String column = Identifiers.of(tenancy, "column", tenancy.text("column"));
      var lookup = tenancy.optionalText("lookup").map(String::strip);
      lookup.filter(query -> query.contains(";")).ifPresent(_ -> refuseQuery(tenancy));
      SortedMap<String, String> values =
          tenancy.has("values") || lookup.isEmpty()
              ? places(tenancy.map("values"), (map, key, value) -> value)
              : new TreeMap<>();
      read = new Tenancy.ByColumn(column, values, lookup);
    }
    tenancy.done();
    return read;
  }

  /// What a text that stands under a key names.
  private interface PlaceReader {
    String read(YamlMap map, String key, String text);
  }

  /// A tenant's schema, of which the name still has to fit into that of its views' schemas.
  private static String schema(YamlMap map, String tenant, String text) {
    String name = Identifiers.of(map, tenant, text);
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_PLACE
        || !SqlName.fitsDocument(name)) {
      throw map.problem(
          tenant,
          "the name of a tenant's schema has at most %d bytes, and no characters that cannot be seen"
              .formatted(LONGEST_PLACE));
    }
    return name;
  }

  /// What stands for each tenant.
  private static void refuseQuery(YamlMap tenancy) {
    throw tenancy.problem("lookup", "must be one query, without a semicolon");
  }

  private static SortedMap<String, String> places(YamlMap byTenant, PlaceReader reader) {
    SortedMap<String, String> places = new TreeMap<>();
    for (String tenant : byTenant.keys()) {
      if (!SLUG.matcher(tenant).matches()) {
        throw byTenant.problem(tenant, "not a tenant id");
      }
      String place = reader.read(byTenant, tenant, byTenant.word(tenant));
      if (places.containsValue(place)) {
        throw byTenant.problem(tenant, "two tenants share the value " + place);
      }
      places.put(tenant, place);
    }
    byTenant.done();
    return places;
  }

  private SortedSet<TableName> hiddenTables(String schema, List<TableSpec> tables) {
    var hidden = new TreeSet<TableName>();
    for (String text : map.texts("hiddenTables")) {
      try {
        hidden.add(TableName.parse(text, schema));
      } catch (IllegalArgumentException e) {
        throw map.problem("hiddenTables", "'" + text + "' " + e.getMessage());
      }
    }
    for (TableSpec table : tables) {
      if (hidden.contains(table.name())) {
        throw map.problem("hiddenTables", table.name() + " is also listed under 'tables'");
      }
    }
    return hidden;
  }

  /// Columns by name alone: in each table they hold no masked value.
  private SortedSet<String> unmasked() {
    var columns = new TreeSet<String>();
    map.texts("unmasked").forEach(text -> columns.add(Identifiers.of(map, "unmasked", text)));
    return columns;
  }

  private ResourceSpec.Unlisted unlisted() {
    String word = map.optionalText("unlisted").orElse("refuse");
    return switch (word) {
      case "refuse" -> ResourceSpec.Unlisted.REFUSE;
      case "note" -> ResourceSpec.Unlisted.NOTE;
      default -> throw map.problem("unlisted", "must be refuse or note, not '" + word + "'");
    };
  }

  private SortedSet<String> extensions() {
    var extensions = new TreeSet<String>();
    for (String name : map.texts("extensions")) {
      if (!EXTENSION.matcher(name).matches()) {
        throw map.problem("extensions", "'" + name + "' is not the name of an extension");
      }
      if (!extensions.add(name)) {
        throw map.problem("extensions", name + " is listed twice");
      }
    }
    return extensions;
  }

  private ResourceSpec.Catalogs catalogs() {
    String word = map.optionalText("catalogs").orElse("closed");
    return switch (word) {
      case "closed" -> ResourceSpec.Catalogs.CLOSED;
      case "open" -> ResourceSpec.Catalogs.OPEN;
      default -> throw map.problem("catalogs", "must be closed or open, not '" + word + "'");
    };
  }

  private ResourceSpec.Filter filter() {
    String word = map.optionalText("filter").orElse("auto");
    for (var filter : ResourceSpec.Filter.values()) {
      if (filter.word().equals(word)) {
        return filter;
      }
    }
    throw map.problem("filter", "must be auto, policies or views, not '" + word + "'");
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
    if (!PLAIN.matcher(name).matches()) {
      throw map.problem(key, "'" + name + "' must be a plain lower-case PostgreSQL name");
    }
    return name;
  }
}
