package org.openlockbox.check.catalogue;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.catalogue.LevelReader;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.uri.CanonicalPath;

/// Reads one item under `resources:` that has the key `check`. The reference of every key is in
/// docs/authzen.md.
public final class CheckReader {
  private static final LevelReader LEVELS =
      new LevelReader(
          List.of(Level.READ, Level.WRITE),
          "at least one of read and write is needed",
          "must be read or write, not '%s': a check masks nothing");

  private static final Duration DECIDE_WITHIN = Duration.ofHours(12);
  private static final String ENGINEER = "engineer";
  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?");

  private final YamlMap map;

  private CheckReader(YamlMap map) {
    this.map = map;
  }

  /// Reads the item.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public static CheckListing read(YamlMap map) {
    return new CheckReader(map).read();
  }

  private CheckListing read() {
    ResourceId id = map.checked("id", () -> new ResourceId(map.text("id")));
    String name = map.text("name");
    YamlMap check = map.map("check");
    ResourceId memory = check.checked("memory", () -> new ResourceId(check.text("memory")));
    URI url = check.httpsHost("url", "https://billing.example.com");
    String subject = check.optionalText("subject").orElse(ENGINEER);
    String type = check.optionalText("resource").orElse(id.value());
    check.done();
    YamlMap tenancy = map.map("tenancy");
    Map<TenantId, List<String>> tenants = tenants(tenancy);
    Map<TenantId, String> hosts =
        tenancy.optionalMap("hosts").map(CheckReader::hosts).orElse(Map.of());
    tenancy.done();
    List<CheckedAction> actions =
        map.optionalMap("actions").map(CheckReader::actions).orElse(List.of());
    List<CheckedRoute> routes =
        map.optionalMap("routes").map(CheckReader::routes).orElse(List.of());
    Set<Level> levels = LEVELS.all(map);
    boolean reviewed = map.optionalBool("providerReview").orElse(false);
    Duration within = map.optionalDuration("decideWithin").orElse(DECIDE_WITHIN);
    map.done();
    CheckSpec spec =
        map.checked(
            actions.isEmpty() ? "routes" : "actions",
            () ->
                new CheckSpec(
                    id, name, subject, type, tenants, hosts, actions, routes, levels, reviewed));
    return new CheckListing(spec, url, within, memory);
  }

  /// The values that stand for each tenant. No value stands for two.
  private Map<TenantId, List<String>> tenants(YamlMap tenancy) {
    YamlMap ids = tenancy.map("ids");
    Map<TenantId, List<String>> tenants = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (String tenant : ids.keys()) {
      List<String> values = ids.texts(tenant);
      for (String each : values) {
        requireSegment(ids, tenant, each);
        if (!taken.add(each)) {
          throw ids.problem(tenant, "two tenants share the value " + each);
        }
      }
      if (values.isEmpty()) {
        throw ids.problem(tenant, "needs at least one value");
      }
      tenants.put(ids.checked(tenant, () -> new TenantId(tenant)), values);
    }
    ids.done();
    if (tenants.isEmpty()) {
      throw map.problem("tenancy", "names no tenant");
    }
    return tenants;
  }

  private static void requireSegment(YamlMap ids, String tenant, String value) {
    if (!CanonicalPath.isSegment(value)) {
      throw ids.problem(tenant, "must be one segment of a path, such as acme or 4711");
    }
  }

  private static Map<TenantId, String> hosts(YamlMap named) {
    Map<TenantId, String> hosts = new HashMap<>();
    for (String tenant : named.keys()) {
      String host = named.text(tenant).toLowerCase(Locale.ROOT);
      if (!HOST.matcher(host).matches()) {
        throw named.problem(tenant, "must be the name of a host, without a port");
      }
      if (hosts.containsValue(host)) {
        throw named.problem(tenant, "two tenants share the host " + host);
      }
      hosts.put(named.checked(tenant, () -> new TenantId(tenant)), host);
    }
    named.done();
    return hosts;
  }

  private static List<CheckedAction> actions(YamlMap named) {
    List<CheckedAction> actions = new ArrayList<>();
    for (String name : named.keys()) {
      YamlMap action = named.map(name);
      Map<String, String> where = new HashMap<>();
      action.optionalMap("where").ifPresent(map -> read(map, where));
      actions.add(
          named.checked(
              name,
              () ->
                  new CheckedAction(
                      new RouteName(name),
                      action.optionalText("action").orElse(name),
                      where,
                      LEVELS.one(action))));
      action.done();
    }
    named.done();
    return actions;
  }

  private static void read(YamlMap map, Map<String, String> where) {
    map.keys().forEach(key -> where.put(key, map.word(key)));
    map.done();
  }

  private static List<CheckedRoute> routes(YamlMap named) {
    List<CheckedRoute> routes = new ArrayList<>();
    for (String name : named.keys()) {
      YamlMap route = named.map(name);
      routes.add(named.checked(name, () -> route(name, route)));
      route.done();
    }
    named.done();
    return routes;
  }

  private static CheckedRoute route(String name, YamlMap route) {
    return new CheckedRoute(
        new RouteName(name),
        route.checked("method", () -> Method.parse(route.text("method"))),
        route.checked("path", () -> PathTemplate.parse(route.text("path"))),
        LEVELS.one(route),
        new TreeSet<>(route.texts("query")));
  }
}
