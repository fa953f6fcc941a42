package org.openlockbox.client.resource;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectedResource;

/// A resource of this application: one place for all its tenants.
public record ApplicationResource(ApplicationPlace place) implements ProtectedResource {
  @Override
  public ResourceId id() {
    return place.id();
  }

  @Override
  public Optional<ApplicationPlace> of(TenantId tenant) {
    return Optional.of(place).filter(it -> it.spec().tenants().containsKey(tenant));
  }

  @Override
  public List<ApplicationPlace> places() {
    return List.of(place);
  }
}
