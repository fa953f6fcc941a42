package org.openlockbox.server.provider;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.limits.Tables;

/// What engineers can ask for, and where the gateway listens for it. `tables` and the digest are
/// what the catalogue here says; the digest that counts is the one in each session-open entry.
public record Resource(
    ResourceId id,
    String name,
    Set<Level> levels,
    boolean providerReview,
    Duration decideWithin,
    GatewayEndpoint gateway,
    List<ResourceTable> tables,
    String catalogueSha256) {
  /// How long approvers have, unless the resource says otherwise.
  public static final Duration DECIDE_WITHIN = Duration.ofHours(12);

  public Resource {
    levels = Set.copyOf(levels);
    tables = List.copyOf(tables);
  }

  /// Where clients connect, and with the name of which database. `caPem` is the authority that they
  /// check the gateway's certificate with.
  public record GatewayEndpoint(String host, int port, String database, String caPem) {}

  /// How much can be promised for it. There are gateways for PostgreSQL only, so each is gated.
  public Assurance assurance() {
    return Assurance.GATED;
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
