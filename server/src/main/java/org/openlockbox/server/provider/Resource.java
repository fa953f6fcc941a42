package org.openlockbox.server.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.tenant.TenantId;

/// What engineers can ask for, and where gateways listen for it. `tables`, `routes` and the digest
/// are what the catalogue here says; the digest that counts is the one in each session-open entry.
///
/// @param gateways at least one; the first is where engineers go who name no region
/// @param tables those of a database
/// @param routes those of a service that speaks HTTP; empty for a database
/// @param assurance how much can be promised for it; approvers sign for that
public record Resource(
    ResourceId id,
    String name,
    Set<Level> levels,
    boolean providerReview,
    Duration decideWithin,
    List<GatewayEndpoint> gateways,
    List<ResourceTable> tables,
    Optional<ServiceRoutes> routes,
    Assurance assurance,
    String catalogueSha256) {
  /// How long approvers have, unless the resource says otherwise.
  public static final Duration DECIDE_WITHIN = Duration.ofHours(12);

  public Resource {
    levels = Set.copyOf(levels);
    gateways = List.copyOf(gateways);
    if (gateways.isEmpty()) {
      throw new IllegalArgumentException("nobody could reach " + id);
    }
    tables = List.copyOf(tables);
  }

  /// Where clients connect, and with the name of which database. `caPem` is the authority that they
  /// check the gateway's certificate with.
  public record GatewayEndpoint(
      Optional<Region> region, String host, int port, String database, String caPem) {}

  /// Where engineers go who name no region.
  public GatewayEndpoint gateway() {
    return gateways.getFirst();
  }

  /// Where engineers go who name this one; empty if no gateway there leads to it.
  public Optional<GatewayEndpoint> gatewayIn(Region region) {
    return gateways.stream().filter(each -> each.region().equals(Optional.of(region))).findFirst();
  }

  /// The regions that an engineer can choose from, the usual one first.
  public List<Region> regions() {
    return gateways.stream().flatMap(each -> each.region().stream()).toList();
  }

  /// How its gateway is spoken to.
  public Protocol protocol() {
    return routes.isPresent() ? Protocol.HTTP : Protocol.POSTGRESQL;
  }

  /// What a service that speaks HTTP is asked for, in the order of the catalogue.
  ///
  /// @param segments what stands for each tenant in paths
  public record ServiceRoutes(List<ResourceRoute> routes, Map<TenantId, String> segments) {
    public ServiceRoutes {
      routes = List.copyOf(routes);
      segments = Map.copyOf(segments);
    }

    /// What this tenant's engineers may ask for at this level.
    public List<ResourceRoute> of(TenantId tenant, Level level) {
      String segment = segments.getOrDefault(tenant, tenant.value());
      return routes.stream()
          .filter(route -> !route.level().isWiderThan(level))
          .map(route -> route.in(segment, level))
          .toList();
    }
  }

  /// One thing that may be asked for: `GET /v1/tenants/{tenant}/tickets`.
  ///
  /// @param fields what of an answer is shown at the levels metadata and masked
  public record ResourceRoute(
      String name, String method, String path, Level level, RouteFields fields) {
    /// One of which no fields are listed.
    public ResourceRoute(String name, String method, String path, Level level) {
      this(name, method, path, level, RouteFields.NONE);
    }

    private ResourceRoute in(String segment, Level at) {
      return new ResourceRoute(
          name,
          method,
          path.replace("{tenant}", segment),
          level,
          at.isWiderThan(Level.MASKED) ? RouteFields.NONE : fields);
    }
  }

  /// Fields of an answer, as paths: those that are shown as they are, and those that are masked.
  public record RouteFields(List<String> shown, List<String> masked) {
    static final RouteFields NONE = new RouteFields(List.of(), List.of());

    public RouteFields {
      shown = List.copyOf(shown);
      masked = List.copyOf(masked);
    }
  }

  /// A table of a resource as approvers are told of it, each name a [SqlName]: which columns are
  /// masked at the level `masked`, which nobody sees at any level, and whether it is the same for
  /// every tenant.
  public record ResourceTable(
      String schema, String name, List<String> masked, List<String> hidden, boolean shared) {
    public ResourceTable {
      masked = List.copyOf(masked);
      hidden = List.copyOf(hidden);
    }

    /// Whether it is one of these, which may be named with the schema or without.
    public boolean isIn(Tables tables) {
      return tables.contains(name) || tables.contains(schema + "." + name);
    }
  }
}
