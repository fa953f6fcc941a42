package org.openlockbox.check.resource;

import java.util.List;
import java.util.Optional;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectedResource;

/// A checked resource of the catalogue: one place for all its tenants.
public record CheckResource(CheckPlace place) implements ProtectedResource {
  @Override
  public ResourceId id() {
    return place.id();
  }

  public CheckSpec spec() {
    return place.spec();
  }

  @Override
  public Optional<CheckPlace> of(TenantId tenant) {
    return Optional.of(place).filter(it -> it.spec().tenants().containsKey(tenant));
  }

  @Override
  public List<CheckPlace> places() {
    return List.of(place);
  }
}
