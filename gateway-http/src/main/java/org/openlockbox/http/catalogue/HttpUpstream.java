package org.openlockbox.http.catalogue;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;

/// Where the protected service answers: scheme, host and port, without a path.
public sealed interface HttpUpstream {
  /// One for all tenants. Whose data it answers with is said by the path and by the assertion.
  record SharedUpstream(URI base) implements HttpUpstream {
    public SharedUpstream {
      requireOrigin(base);
    }

    @Override
    public Optional<URI> of(TenantId tenant) {
      return Optional.of(base);
    }
  }

  /// One for each tenant.
  record UpstreamPerTenant(Map<TenantId, URI> bases) implements HttpUpstream {
    public UpstreamPerTenant {
      bases = Map.copyOf(bases);
      bases.values().forEach(HttpUpstream::requireOrigin);
    }

    @Override
    public Optional<URI> of(TenantId tenant) {
      return Optional.ofNullable(bases.get(tenant));
    }
  }

  Optional<URI> of(TenantId tenant);

  private static void requireOrigin(URI base) {
    boolean known = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
    boolean bare =
        base.getRawPath().isEmpty()
            && base.getRawQuery() == null
            && base.getRawFragment() == null
            && base.getRawUserInfo() == null;
    if (!known || base.getHost() == null || !bare) {
      throw new IllegalArgumentException(
          base + " is not an address such as https://api.example.com:8443");
    }
  }
}
