package org.openlockbox.http.catalogue;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.uri.CanonicalPath;

/// Where the protected service answers: schemes, hosts and ports, without a path.
public sealed interface HttpUpstream {
  /// One for all tenants. Whose data it answers with is said by the path, by a forced parameter and
  /// by the assertion.
  record SharedUpstream(URI base) implements HttpUpstream {
    public SharedUpstream {
      requireOrigin(base);
    }

    @Override
    public Optional<URI> of(TenantId tenant, CanonicalPath path) {
      return Optional.of(base);
    }

    @Override
    public Set<URI> all(TenantId tenant) {
      return Set.of(base);
    }

    @Override
    public boolean isShared() {
      return true;
    }
  }

  /// One for each tenant.
  record UpstreamPerTenant(Map<TenantId, URI> bases) implements HttpUpstream {
    public UpstreamPerTenant {
      bases = Map.copyOf(bases);
      bases.values().forEach(HttpUpstream::requireOrigin);
    }

    @Override
    public Optional<URI> of(TenantId tenant, CanonicalPath path) {
      return Optional.ofNullable(bases.get(tenant));
    }

    @Override
    public Set<URI> all(TenantId tenant) {
      return Optional.ofNullable(bases.get(tenant)).map(Set::of).orElseGet(Set::of);
    }

    @Override
    public boolean isShared() {
      return false;
    }
  }

  /// Several, each for the paths that begin with its own: the longest one that fits. The path that
  /// is forwarded is the whole one.
  record UpstreamMounts(Map<CanonicalPath, URI> mounts) implements HttpUpstream {
    public UpstreamMounts {
      mounts = Map.copyOf(mounts);
      mounts.values().forEach(HttpUpstream::requireOrigin);
    }

    @Override
    public Optional<URI> of(TenantId tenant, CanonicalPath path) {
      return mounts.entrySet().stream()
          .filter(each -> begins(path.segments(), each.getKey().segments()))
          .max(Comparator.comparingInt(each -> each.getKey().segments().size()))
          .map(Map.Entry::getValue);
    }

    private static boolean begins(List<String> path, List<String> with) {
      return path.size() >= with.size() && path.subList(0, with.size()).equals(with);
    }

    @Override
    public Set<URI> all(TenantId tenant) {
      return Set.copyOf(mounts.values());
    }

    @Override
    public boolean isShared() {
      return true;
    }
  }

  /// Which one answers this request; empty where none does.
  Optional<URI> of(TenantId tenant, CanonicalPath path);

  /// All that answer requests about this tenant.
  Set<URI> all(TenantId tenant);

  /// Whether one service has the data of several tenants.
  boolean isShared();

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
