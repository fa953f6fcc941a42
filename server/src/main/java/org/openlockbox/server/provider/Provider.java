package org.openlockbox.server.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.signing.VerifyingKey;

/// Who runs the server: their name, what their engineers can ask for, and the key of their gateway
/// authority. Gateways that it certified may lease and append; each new tenant's genesis names it.
public record Provider(String name, List<Resource> resources, VerifyingKey gatewayAuthority) {
  public Provider {
    resources = List.copyOf(resources);
  }

  public Optional<Resource> resource(ResourceId id) {
    return resources.stream().filter(resource -> resource.id().equals(id)).findFirst();
  }

  /// The resources by id.
  public Map<ResourceId, Resource> resourcesById() {
    return resources.stream().collect(Collectors.toMap(Resource::id, resource -> resource));
  }
}
