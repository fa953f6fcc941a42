package org.openlockbox.http.catalogue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ServiceSpec;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.tlog.tree.Hash;

/// What the catalogue says of one HTTP resource.
///
/// @param name as people read it
/// @param tenants the value that stands for each tenant in paths
/// @param answers the value that stands for each tenant in answers
/// @param assertion what the gateway signs for it with each request; empty if it takes none
public record HttpSpec(
    ResourceId id,
    String name,
    HttpUpstream upstream,
    Map<TenantId, String> tenants,
    Map<TenantId, String> answers,
    RouteTable routes,
    Set<Level> levels,
    boolean needsReview,
    Optional<AssertionRule> assertion)
    implements ServiceSpec {
  /// @throws IllegalArgumentException with what is wrong with it
  public HttpSpec {
    tenants = Map.copyOf(tenants);
    levels = Set.copyOf(levels);
    answers = Map.copyOf(answers);
    if (!answers.keySet().equals(tenants.keySet())) {
      throw new IllegalArgumentException(id + ": answers name the tenants that paths name");
    }
    if (levels.contains(Level.MASKED)
        && routes.routes().stream().allMatch(each -> each.level().isWiderThan(Level.MASKED))) {
      throw new IllegalArgumentException(id + ": no route is of the level masked");
    }
    if (upstream.isShared() && assertion.isEmpty()) {
      routes.routes().stream()
          .filter(each -> !each.namesTenant())
          .findFirst()
          .ifPresent(each -> refuse(id, each));
    }
    requireUpstreams(upstream, tenants, routes);
  }

  /// Each route has to lead somewhere, for each tenant that has an upstream at all.
  private static void requireUpstreams(
      HttpUpstream upstream, Map<TenantId, String> tenants, RouteTable routes) {
    for (var tenant : tenants.entrySet()) {
      boolean none = upstream.all(tenant.getKey()).isEmpty();
      for (HttpRoute each : routes.routes()) {
        CanonicalPath example = each.path().example(tenant.getValue(), "x");
        if (!none && upstream.of(tenant.getKey(), example).isEmpty()) {
          throw new IllegalArgumentException("no mount has the path of " + each.name());
        }
        requireOneMount(upstream, tenant.getValue(), each);
      }
    }
  }

  /// The engineer's own segments do not choose which service answers.
  private static void requireOneMount(HttpUpstream upstream, String tenant, HttpRoute route) {
    if (upstream instanceof HttpUpstream.UpstreamMounts(var mounts)) {
      for (CanonicalPath mount : mounts.keySet()) {
        if (route.path().isPartlyBelow(mount, tenant)) {
          throw new IllegalArgumentException(
              "%s could be below the mount %s or not".formatted(route.name(), mount));
        }
      }
    }
  }

  private static void refuse(ResourceId id, HttpRoute route) {
    throw new IllegalArgumentException(
        "%s: nothing tells the upstream whose data %s is about; its path or a forced parameter needs {tenant}, or the resource an assertion"
            .formatted(id, route.name()));
  }

  /// SHA-256 over all of it, which each session-open entry names.
  @Override
  public Hash digest() {
    return SpecDigest.of(this);
  }
}
