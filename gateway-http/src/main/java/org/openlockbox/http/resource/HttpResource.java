package org.openlockbox.http.resource;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.http.catalogue.HttpSpec;

/// An HTTP resource of the catalogue, and a place for each of its upstreams.
public final class HttpResource implements ProtectedResource {
  private final HttpSpec spec;
  private final Map<URI, HttpPlace> byUpstream;

  private HttpResource(HttpSpec spec, Map<URI, HttpPlace> byUpstream) {
    this.spec = spec;
    this.byUpstream = Map.copyOf(byUpstream);
  }

  /// Makes a place for each upstream.
  ///
  /// @param memory what all its places remember of tenants' logs
  /// @param looks how it is seen whether an upstream is there
  public static HttpResource of(
      HttpSpec spec, LogMemory memory, Function<URI, Supplier<ProtectionState>> looks) {
    Map<URI, HttpPlace> places =
        spec.tenants().keySet().stream()
            .flatMap(tenant -> spec.upstream().of(tenant).stream())
            .distinct()
            .collect(
                Collectors.toMap(
                    base -> base, base -> new HttpPlace(spec, looks.apply(base), memory)));
    return new HttpResource(spec, places);
  }

  @Override
  public ResourceId id() {
    return spec.id();
  }

  @Override
  public Optional<HttpPlace> of(TenantId tenant) {
    return Optional.of(tenant)
        .filter(spec.tenants()::containsKey)
        .flatMap(spec.upstream()::of)
        .map(byUpstream::get);
  }

  @Override
  public List<HttpPlace> places() {
    return List.copyOf(byUpstream.values());
  }
}
