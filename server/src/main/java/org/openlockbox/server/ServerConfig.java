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
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestLimits;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.export.Sink;
import org.openlockbox.server.identity.oidc.Issuer;
import org.openlockbox.server.notify.Smtp;
import org.openlockbox.server.provider.Provider;

/// All that a server is told. Passwords are suppliers and appear in no text.
///
/// `logHost` is the first part of every log's name (`<logHost>/t/<tenant>`) and can never change
/// once a tenant exists. `publicUrl` is where people reach this server. `logKey` is a file with the
/// log's two keys and mode 0600, the same on every server. `signedHeads` is a directory of this
/// server alone, outside the database and its backups. `wrappingKey` is the file of the keys that
/// wrap the tenants' data keys, the same on every server; made at the first start. `witnesses` are
/// asked to cosign the epoch log, `ownWitnesses` each the log of its tenant; `sinks` are told each
/// event. `issuers` sign people in. Webhooks lead to public addresses, and to
/// `privateWebhookHosts`.
public record ServerConfig(
    Database database,
    String bindAddress,
    int port,
    URI publicUrl,
    String logHost,
    Path logKey,
    Path signedHeads,
    Path wrappingKey,
    Provider provider,
    Optional<Tls> tls,
    Optional<Smtp> smtp,
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
    witnesses = List.copyOf(witnesses);
    sinks = List.copyOf(sinks);
    privateWebhookHosts = Set.copyOf(privateWebhookHosts);
    if (sinks.stream().map(Sink::name).distinct().count() < sinks.size()) {
      throw new IllegalArgumentException("two sinks have one name");
    }
    ownWitnesses = Map.copyOf(ownWitnesses);
    issuers = List.copyOf(issuers);
    clock = InstantSource.tick(clock, MILLISECOND);
  }

  /// Whether gateways show a certificate.
  boolean wantsClientCertificates() {
    return tls.flatMap(Tls::clientAuthorities).isPresent();
  }

  /// The control plane's own PostgreSQL.
  public record Database(String jdbcUrl, String user, Supplier<String> password, int connections) {
    @Override
    public String toString() {
      return "Database[%s as %s]".formatted(jdbcUrl, user);
    }
  }

  /// PEM files; `clientAuthorities` present means that gateways must show a certificate by one.
  public record Tls(Path certificates, Path privateKey, Optional<Path> clientAuthorities) {}
}
