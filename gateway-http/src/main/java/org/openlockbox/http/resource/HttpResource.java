package org.openlockbox.http.resource;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectedResource;

/// An HTTP resource of the catalogue, and its one place.
public record HttpResource(HttpPlace place) implements ProtectedResource {
  @Override
  public ResourceId id() {
    return place.id();
  }

  @Override
  public Optional<HttpPlace> of(TenantId tenant) {
    return Optional.of(place)
        .filter(it -> it.spec().tenants().containsKey(tenant))
        .filter(it -> it.spec().upstream().of(tenant).isPresent());
  }

  @Override
  public List<HttpPlace> places() {
    return List.of(place);
  }
}
