package org.openlockbox.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Tables;
import org.openlockbox.core.keyring.GatewayKey;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestLimits;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.export.Sink;
import org.openlockbox.server.identity.oidc.Issuer;

/// All that a server is told. Passwords are suppliers and appear in no text.
///
/// `logHost` is the first part of every log's name (`<logHost>/t/<tenant>`) and can never change
/// once a tenant exists. `approve` is where passkeys sign; without it, approvers sign with the CLI
/// alone. `logKey` is a file with the log's two keys and mode 0600, the same on every server.
/// `gateways` may lease and append; each new tenant's genesis names all of them. `signedHeads` is a
/// directory of this server alone, outside the database and its backups. `wrappingKey` is the file
/// of the keys that wrap the tenants' data keys, the same on every server; made at the first start.
/// `witnesses` are asked to cosign the epoch log, `ownWitnesses` each the log of its tenant;
/// `sinks` are told each event. `issuers` sign people in. Webhooks lead to public addresses, and to
/// `privateWebhookHosts`.
public record ServerConfig(
    Database database,
    String bindAddress,
    int port,
    URI publicUrl,
    Optional<Approve> approve,
    String logHost,
    Path logKey,
    Path signedHeads,
    Path wrappingKey,
    Provider provider,
    Optional<Tls> tls,
    Optional<Smtp> smtp,
    List<Resource> resources,
    List<GatewayKey> gateways,
    List<Witnesses.Witness> witnesses,
    List<Sink> sinks,
    Set<String> privateWebhookHosts,
    RequestLimits requestLimits,
    Map<TenantId, URI> ownWitnesses,
    List<Issuer> issuers,
    InstantSource clock) {
  /// No time that is shown, stored or signed is finer.
  private static final Duration MILLISECOND = Duration.ofMillis(1);

  public ServerConfig {
    resources = List.copyOf(resources);
    gateways = List.copyOf(gateways);
    witnesses = List.copyOf(witnesses);
    sinks = List.copyOf(sinks);
    privateWebhookHosts = Set.copyOf(privateWebhookHosts);
    if (sinks.stream().map(Sink::name).distinct().count() < sinks.size()) {
      throw new IllegalArgumentException("two sinks have one name");
    }
    ownWitnesses = Map.copyOf(ownWitnesses);
    issuers = List.copyOf(issuers);
    clock = InstantSource.tick(clock, MILLISECOND);
    approve.ifPresent(origin -> requireApart(origin, publicUrl));
  }

  /// A passkey that signs decisions is never used to sign in, so nobody signs in on its host.
  private static void requireApart(Approve approve, URI portal) {
    if (approve.relyingParty().equalsIgnoreCase(portal.getHost())) {
      throw new IllegalArgumentException("the approve origin is not a host of its own");
    }
  }

  /// The origin of the page where passkeys sign decisions, and nothing else: a host of its own, at
  /// which nobody signs in. Its host is the relying party of every passkey made there.
  public record Approve(URI origin) {
    public Approve {
      if (origin.getHost() == null || !origin.getRawPath().isEmpty()) {
        throw new IllegalArgumentException("an origin is scheme, host and port: " + origin);
      }
    }

    public String relyingParty() {
      return origin.getHost();
    }
  }

  /// The control plane's own PostgreSQL.
  public record Database(String jdbcUrl, String user, Supplier<String> password, int connections) {
    @Override
    public String toString() {
      return "Database[%s as %s]".formatted(jdbcUrl, user);
    }
  }

  /// Who runs the server.
  public record Provider(String name) {}

  /// PEM files; `clientAuthorities` present means that gateways must show a certificate by one.
  public record Tls(Path certificates, Path privateKey, Optional<Path> clientAuthorities) {}

  /// Where mail goes out.
  public record Smtp(
      String host,
      int port,
      boolean startTls,
      Optional<String> user,
      Supplier<String> password,
      String from) {
    @Override
    public String toString() {
      return "Smtp[%s:%d]".formatted(host, port);
    }
  }

  /// What engineers can ask for, and where the gateway listens for it. `caPem` is the authority
  /// that clients check the gateway's certificate with. `tables` and the digest are what the
  /// catalogue here says; the digest that counts is the one in each session-open entry.
  public record Resource(
      ResourceId id,
      String name,
      Set<Level> levels,
      boolean providerReview,
      Duration decideWithin,
      String gatewayHost,
      int gatewayPort,
      String database,
      String caPem,
      List<Table> tables,
      String catalogueSha256) {
    /// How long approvers have, unless the resource says otherwise.
    public static final Duration DECIDE_WITHIN = Duration.ofHours(12);

    public Resource {
      levels = Set.copyOf(levels);
      tables = List.copyOf(tables);
    }
  }

  /// A table of a resource as approvers are told of it: which columns are masked at the level
  /// `masked`, which nobody sees at any level, and whether it is the same for every tenant.
  public record Table(
      String schema, String name, List<String> masked, List<String> hidden, boolean shared) {
    public Table {
      masked = List.copyOf(masked);
      hidden = List.copyOf(hidden);
    }

    /// Whether it is one of these, which may be named with the schema or without.
    public boolean isIn(Tables tables) {
      return tables.contains(name) || tables.contains(schema + "." + name);
    }
  }

  /// The resources by id.
  public Map<ResourceId, Resource> resourcesById() {
    return resources.stream().collect(Collectors.toMap(Resource::id, resource -> resource));
  }
}
