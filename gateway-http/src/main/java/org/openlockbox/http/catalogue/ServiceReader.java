package org.openlockbox.http.catalogue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.uri.CanonicalPath;

/// Reads one item under `resources:` that has the key `http`. The reference of every key is in
/// docs/http-gateway.md.
public final class ServiceReader {
  private static final LevelReader LEVELS =
      new LevelReader(
          List.of(Level.values()),
          "at least one of metadata, masked, read, write is needed",
          "must be metadata, masked, read or write, not '%s'");

  private static final Duration DECIDE_WITHIN = Duration.ofHours(12);
  private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final String TENANCY = "tenancy";

  private final YamlMap map;

  private ServiceReader(YamlMap map) {
    this.map = map;
  }

  /// Reads the item.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public static HttpListing read(YamlMap map) {
    return new ServiceReader(map).read();
  }

  private HttpListing read() {
    var id = new ResourceId(slug(map, "id", map.text("id")));
    String name = map.text("name");
    YamlMap http = map.map("http");
    HttpUpstream upstream = UpstreamReader.read(http);
    var memory = new ResourceId(slug(http, "memory", http.text("memory")));
    Optional<AssertionRule> assertion = http.optionalMap("assertion").map(it -> assertion(id, it));
    http.done();
    Map<TenantId, String> tenants = tenants(upstream);
    Map<TenantId, String> answers = answers(tenants);
    RouteTable routes = routes(map);
    Set<Level> levels = LEVELS.all(map);
    boolean reviewed = map.optionalBool("providerReview").orElse(false);
    Duration within = map.optionalDuration("decideWithin").orElse(DECIDE_WITHIN);
    map.done();
    HttpSpec spec =
        map.checked(
            "routes",
            () ->
                new HttpSpec(
                    id, name, upstream, tenants, answers, routes, levels, reviewed, assertion));
    return new HttpListing(spec, within, memory);
  }

  private static AssertionRule assertion(ResourceId id, YamlMap map) {
    String audience = map.optionalText("audience").orElse(id.value());
    boolean bearer = map.optionalBool("bearer").orElse(false);
    map.done();
    return map.checked("audience", () -> new AssertionRule(audience, bearer));
  }

  private static String slug(YamlMap map, String key, String text) {
    if (!SLUG.matcher(text).matches()) {
      throw map.problem(key, "must be lower-case letters, digits and dashes");
    }
    return text;
  }

  /// The segment of paths that stands for each tenant. One with an upstream of its own may do
  /// without, and has its id there.
  private Map<TenantId, String> tenants(HttpUpstream upstream) {
    if (upstream instanceof HttpUpstream.UpstreamPerTenant(var bases) && !map.has(TENANCY)) {
      return bases.keySet().stream().collect(Collectors.toMap(it -> it, TenantId::value));
    }
    YamlMap tenancy = map.map(TENANCY);
    YamlMap path = tenancy.map("path");
    Map<TenantId, String> tenants = new HashMap<>();
    for (String tenant : path.keys()) {
      String segment = path.word(tenant);
      requireSegment(path, tenant, segment);
      if (tenants.containsValue(segment)) {
        throw path.problem(tenant, "two tenants share the value " + segment);
      }
      tenants.put(new TenantId(slug(path, tenant, tenant)), segment);
    }
    path.done();
    if (tenants.isEmpty()) {
      throw map.problem(TENANCY, "names no tenant");
    }
    return tenants;
  }

  /// What stands for each tenant in answers; where nothing is said, what stands in paths.
  private Map<TenantId, String> answers(Map<TenantId, String> tenants) {
    if (!map.has(TENANCY)) {
      return tenants;
    }
    YamlMap tenancy = map.map(TENANCY);
    var _ = tenancy.has("path");
    Map<TenantId, String> answers = new HashMap<>(tenants);
    tenancy.optionalMap("answer").ifPresent(answer -> read(answer, answers));
    tenancy.done();
    return answers;
  }

  private static void read(YamlMap answer, Map<TenantId, String> answers) {
    for (String tenant : answer.keys()) {
      if (answers.replace(new TenantId(slug(answer, tenant, tenant)), answer.word(tenant))
          == null) {
        throw answer.problem(tenant, "'path' does not name this tenant");
      }
    }
    answer.done();
    if (answers.values().stream().distinct().count() < answers.size()) {
      throw answer.problem("answer", "two tenants share a value");
    }
  }

  private static void requireSegment(YamlMap path, String tenant, String value) {
    if (!CanonicalPath.isSegment(value)) {
      throw path.problem(tenant, "must be one segment of a path, such as acme or 4711");
    }
  }

  private static RouteTable routes(YamlMap map) {
    YamlMap named = map.map("routes");
    List<HttpRoute> routes = new ArrayList<>();
    for (String name : named.keys()) {
      YamlMap route = named.map(name);
      routes.add(named.checked(name, () -> route(name, route)));
      route.done();
    }
    named.done();
    if (routes.isEmpty()) {
      throw map.problem("routes", "lists nothing, and what is not listed is refused");
    }
    return map.checked("routes", () -> new RouteTable(routes));
  }

  private static HttpRoute route(String name, YamlMap route) {
    return new HttpRoute(
        new RouteName(name),
        route.checked("method", () -> Method.parse(route.text("method"))),
        route.checked("path", () -> PathTemplate.parse(route.text("path"))),
        LEVELS.one(route),
        RequestRuleReader.read(route),
        route.optionalMap("body").map(ServiceReader::body),
        AnswerReader.read(route));
  }

  private static BodyRule body(YamlMap body) {
    var types = new TreeSet<>(body.texts("types"));
    int most = body.optionalInteger("most").orElse(BodyRule.MOST_KEPT);
    body.done();
    return body.checked("most", () -> new BodyRule(types, most));
  }
}
