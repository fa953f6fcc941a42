package org.openlockbox.check.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ServiceSpec;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.tlog.tree.Hash;

/// What the catalogue says of one checked resource. What is not listed is denied.
///
/// @param name as people read it
/// @param subjectType what callers call an engineer
/// @param resourceType what callers call the resource
/// @param tenants the values that stand for each tenant, in ids and in paths
/// @param hosts the host of each tenant, where each has one
/// @param actions what services ask about
/// @param routes what proxies ask about
public record CheckSpec(
    ResourceId id,
    String name,
    String subjectType,
    String resourceType,
    Map<TenantId, List<String>> tenants,
    Map<TenantId, String> hosts,
    List<CheckedAction> actions,
    List<CheckedRoute> routes,
    Set<Level> levels,
    boolean needsReview)
    implements ServiceSpec {
  /// @throws IllegalArgumentException with what is wrong with it
  public CheckSpec {
    tenants = Map.copyOf(tenants);
    hosts = Map.copyOf(hosts);
    actions = List.copyOf(actions);
    routes = List.copyOf(routes);
    levels = Set.copyOf(levels);
    if (actions.isEmpty() && routes.isEmpty()) {
      throw new IllegalArgumentException(id + ": 'actions' or 'routes' is needed");
    }
    for (Level each : levels) {
      if (!each.isWiderThan(Level.MASKED)) {
        throw new IllegalArgumentException(
            "%s: nobody masks the answers of a resource that only asks; the level %s is not offered"
                .formatted(id, each.word()));
      }
    }
    requireApart(actions, CheckedAction::overlaps, CheckedAction::name);
    requireApart(routes, CheckedRoute::overlaps, CheckedRoute::name);
    if (hosts.isEmpty()) {
      routes.forEach(each -> requireTenant(id, each));
    } else if (!hosts.keySet().equals(tenants.keySet())) {
      throw new IllegalArgumentException(id + ": 'hosts' names the tenants that 'ids' names");
    }
  }

  private static <T> void requireApart(
      List<T> listed, BiPredicate<T, T> overlap, Function<T, RouteName> name) {
    for (int i = 0; i < listed.size(); i++) {
      for (T other : listed.subList(i + 1, listed.size())) {
        if (overlap.test(listed.get(i), other)) {
          throw new IllegalArgumentException(
              "one question could mean %s and %s"
                  .formatted(name.apply(listed.get(i)), name.apply(other)));
        }
      }
    }
  }

  private static void requireTenant(ResourceId id, CheckedRoute route) {
    if (!route.path().namesTenant()) {
      throw new IllegalArgumentException(
          "%s: nothing tells whose data %s is about; its path needs {tenant}, or the resource 'hosts'"
              .formatted(id, route.name()));
    }
  }

  /// The tenant for which this value stands.
  public Optional<TenantId> tenantOf(String value) {
    return tenants.entrySet().stream()
        .filter(each -> each.getValue().contains(value))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// The action that is asked about; empty if none is listed.
  public Optional<CheckedAction> action(String asked, Map<String, String> properties) {
    return actions.stream().filter(each -> each.fits(asked, properties)).findFirst();
  }

  /// SHA-256 over all of it, which each session-open entry names.
  @Override
  public Hash digest() {
    var json =
        Json.object()
            .put("actions", actions.stream().map(CheckSpec::action).toList())
            .put("assurance", "checked")
            .put("id", id.value())
            .putTexts("levels", levels.stream().sorted().map(Level::word).toList())
            .put("name", name)
            .put("providerReview", needsReview)
            .put("resource", resourceType)
            .put("routes", routes.stream().map(CheckSpec::route).toList())
            .put("subject", subjectType)
            .put("tenants", tenantJson());
    return Bytes.of(CanonicalJson.bytes(json.build())).sha256();
  }

  private List<Json.Object> tenantJson() {
    Map<String, TenantId> sorted = new TreeMap<>();
    tenants.keySet().forEach(each -> sorted.put(each.value(), each));
    return sorted.values().stream()
        .map(
            each ->
                Json.object()
                    .putIfPresent("host", Optional.ofNullable(hosts.get(each)))
                    .put("id", each.value())
                    .putTexts("values", tenants.getOrDefault(each, List.of()))
                    .build())
        .toList();
  }

  private static Json.Object action(CheckedAction action) {
    var where = Json.object();
    action.where().forEach(where::put);
    return Json.object()
        .put("action", action.action())
        .put("level", action.level().word())
        .put("name", action.name().value())
        .put("where", where.build())
        .build();
  }

  private static Json.Object route(CheckedRoute route) {
    return Json.object()
        .put("level", route.level().word())
        .put("method", route.method().name())
        .put("name", route.name().value())
        .put("path", route.path().toString())
        .putTexts("query", route.query().stream().sorted().toList())
        .build();
  }
}
