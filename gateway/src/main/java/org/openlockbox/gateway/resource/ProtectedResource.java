package org.openlockbox.gateway.resource;

import java.util.Collection;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;

/// One resource of a catalogue, in each place where it lies.
public interface ProtectedResource {
  ResourceId id();

  /// The place that holds this tenant's data; empty for a tenant without one.
  Optional<? extends Protection> of(TenantId tenant);

  /// All places.
  Collection<? extends Protection> places();
}
