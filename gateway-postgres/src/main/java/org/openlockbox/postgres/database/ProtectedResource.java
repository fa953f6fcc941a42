package org.openlockbox.postgres.database;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// One resource of the catalogue with the session roles of each database that it lies in: one
/// database, or one for each tenant.
public final class ProtectedResource implements AutoCloseable {
  private final ResourceSpec spec;
  private final Map<String, SessionRoles> byDatabase;

  private ProtectedResource(ResourceSpec spec, Map<String, SessionRoles> byDatabase) {
    this.spec = spec;
    this.byDatabase = Map.copyOf(byDatabase);
  }

  /// `roles` makes the session roles of one database.
  public static ProtectedResource of(
      ResourceSpec spec, Function<ResourceSpec, SessionRoles> roles) {
    Map<String, SessionRoles> byDatabase = new HashMap<>();
    for (ResourceSpec place : spec.places()) {
      byDatabase.put(place.address().database(), roles.apply(place));
    }
    return new ProtectedResource(spec, byDatabase);
  }

  public ResourceSpec spec() {
    return spec;
  }

  /// The roles of the database that holds this tenant's rows.
  public Optional<SessionRoles> roles(TenantId tenant) {
    return spec.of(tenant).map(place -> byDatabase.get(place.address().database()));
  }

  public Collection<SessionRoles> databases() {
    return List.copyOf(byDatabase.values());
  }

  @Override
  public void close() {
    byDatabase.values().forEach(SessionRoles::close);
  }
}
