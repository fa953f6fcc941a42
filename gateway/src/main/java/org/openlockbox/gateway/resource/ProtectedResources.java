package org.openlockbox.gateway.resource;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;

/// All resources that a gateway leads to now. They may be replaced while sessions run: who looks
/// sees the old ones or the new ones, never some of both. A session keeps the [Protection] with
/// which it was opened.
public final class ProtectedResources {
  private volatile Map<ResourceId, ProtectedResource> newest;

  public ProtectedResources(Collection<? extends ProtectedResource> resources) {
    this.newest = byId(resources);
  }

  private static Map<ResourceId, ProtectedResource> byId(
      Collection<? extends ProtectedResource> resources) {
    Map<ResourceId, ProtectedResource> byId = new HashMap<>();
    for (ProtectedResource each : resources) {
      if (byId.put(each.id(), each) != null) {
        throw new IllegalArgumentException("two resources have the id " + each.id());
      }
    }
    return Map.copyOf(byId);
  }

  public Optional<ProtectedResource> find(ResourceId id) {
    return Optional.ofNullable(newest.get(id));
  }

  public List<ProtectedResource> all() {
    return List.copyOf(newest.values());
  }

  /// From now on there are these.
  public void replace(Collection<? extends ProtectedResource> resources) {
    newest = byId(resources);
  }
}
