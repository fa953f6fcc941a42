package org.openlockbox.http.resource;

import java.net.URI;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.http.catalogue.HttpSpec;

/// An HTTP resource of the catalogue, and a place for each set of upstreams that answers a tenant.
public final class HttpResource implements ProtectedResource {
  private final HttpSpec spec;
  private final Map<Set<URI>, HttpPlace> byUpstreams;

  private HttpResource(HttpSpec spec, Map<Set<URI>, HttpPlace> byUpstreams) {
    this.spec = spec;
    this.byUpstreams = Map.copyOf(byUpstreams);
  }

  /// Makes a place for each set of upstreams.
  ///
  /// @param memory what all its places remember of tenants' logs
  /// @param looks how it is seen whether an upstream is there
  public static HttpResource of(
      HttpSpec spec, LogMemory memory, Function<URI, Supplier<ProtectionState>> looks) {
    Map<URI, Supplier<ProtectionState>> each = new HashMap<>();
    Map<Set<URI>, HttpPlace> places = new HashMap<>();
    for (TenantId tenant : spec.tenants().keySet()) {
      Set<URI> bases = spec.upstream().all(tenant);
      bases.forEach(base -> each.computeIfAbsent(base, looks));
      if (!bases.isEmpty()) {
        places.computeIfAbsent(
            bases,
            _ -> new HttpPlace(spec, all(bases.stream().sorted().map(each::get).toList()), memory));
      }
    }
    return new HttpResource(spec, places);
  }

  /// All have to be intact: the first that is not says why.
  private static Supplier<ProtectionState> all(List<Supplier<ProtectionState>> looks) {
    return () ->
        looks.stream()
            .map(Supplier::get)
            .filter(state -> !(state instanceof ProtectionState.Intact))
            .min(Comparator.comparing(state -> state instanceof ProtectionState.Unreachable))
            .orElseGet(ProtectionState.Intact::new);
  }

  @Override
  public ResourceId id() {
    return spec.id();
  }

  @Override
  public Optional<HttpPlace> of(TenantId tenant) {
    return Optional.of(tenant)
        .filter(spec.tenants()::containsKey)
        .map(spec.upstream()::all)
        .map(byUpstreams::get);
  }

  @Override
  public List<HttpPlace> places() {
    return List.copyOf(byUpstreams.values());
  }
}
