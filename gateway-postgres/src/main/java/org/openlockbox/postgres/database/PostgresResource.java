package org.openlockbox.postgres.database;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// One resource of the catalogue with the session roles of each database that it lies in: one
/// database, or one for each tenant.
public final class PostgresResource implements ProtectedResource, AutoCloseable {
  private final ResourceSpec spec;
  private final Map<String, SessionRoles> byDatabase;

  private PostgresResource(ResourceSpec spec, Map<String, SessionRoles> byDatabase) {
    this.spec = spec;
    this.byDatabase = Map.copyOf(byDatabase);
  }

  /// `roles` makes the session roles of one database.
  public static PostgresResource of(ResourceSpec spec, Function<ResourceSpec, SessionRoles> roles) {
    Map<String, SessionRoles> byDatabase = new HashMap<>();
    for (ResourceSpec place : spec.places()) {
      byDatabase.put(place.address().database(), roles.apply(place));
    }
    return new PostgresResource(spec, byDatabase);
  }

  /// The same resource as another catalogue describes it: a database that was there before keeps
  /// its connections.
  public PostgresResource succeededBy(
      ResourceSpec next, Function<ResourceSpec, SessionRoles> roles) {
    return of(
        next,
        place ->
            Optional.ofNullable(byDatabase.get(place.address().database()))
                .filter(known -> known.resource().address().equals(place.address()))
                .map(known -> known.succeededBy(place))
                .orElseGet(() -> roles.apply(place)));
  }

  public ResourceSpec spec() {
    return spec;
  }

  @Override
  public ResourceId id() {
    return spec.id();
  }

  /// The roles of the database that holds this tenant's rows.
  @Override
  public Optional<SessionRoles> of(TenantId tenant) {
    return spec.of(tenant)
        .map(place -> byDatabase.get(place.address().database()))
        .filter(roles -> roles.mayHoldRowsOf(tenant));
  }

  @Override
  public Collection<SessionRoles> places() {
    return List.copyOf(byDatabase.values());
  }

  @Override
  public void close() {
    byDatabase.values().forEach(SessionRoles::close);
  }
}
