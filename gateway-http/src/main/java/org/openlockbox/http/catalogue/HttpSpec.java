package org.openlockbox.http.catalogue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;

/// What the catalogue says of one HTTP resource.
///
/// @param name as people read it
/// @param tenants the value that stands for each tenant in paths
/// @param audience whom the gateway's assertions are for; without one it sends none
public record HttpSpec(
    ResourceId id,
    String name,
    HttpUpstream upstream,
    Map<TenantId, String> tenants,
    RouteTable routes,
    Set<Level> levels,
    boolean needsReview,
    Optional<String> audience) {
  /// @throws IllegalArgumentException with what is wrong with it
  public HttpSpec {
    tenants = Map.copyOf(tenants);
    levels = Set.copyOf(levels);
    if (levels.contains(Level.MASKED)) {
      throw new IllegalArgumentException(id + ": the level masked is not offered over HTTP");
    }
    if (upstream instanceof HttpUpstream.SharedUpstream && audience.isEmpty()) {
      routes.routes().stream()
          .filter(each -> !each.path().namesTenant())
          .findFirst()
          .ifPresent(each -> refuse(id, each));
    }
  }

  private static void refuse(ResourceId id, HttpRoute route) {
    throw new IllegalArgumentException(
        "%s: nothing tells the upstream whose data %s is about; its path needs {tenant}, or the resource an assertion"
            .formatted(id, route.name()));
  }

  /// SHA-256 over all of it, which each session-open entry names.
  public Hash digest() {
    return SpecDigest.of(this);
  }
}
