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
import org.openlockbox.server.access.RequestRates;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.export.EventSink;
import org.openlockbox.server.identity.oidc.OidcIssuer;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.notify.outbox.Smtp;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.prune.PruneAges;

/// All that a server is told, by feature. Passwords are suppliers and appear in no text.
///
/// Each of the `sinks` is told each event. `issuers` sign people in.
public record ServerConfig(
    DatabaseConfig database,
    WebConfig web,
    LogConfig log,
    AccessConfig access,
    NotificationConfig notifications,
    List<EventSink> sinks,
    List<OidcIssuer> issuers,
    InstantSource clock) {
  /// No time that is shown, stored or signed is finer.
  private static final Duration MILLISECOND = Duration.ofMillis(1);

  public ServerConfig {
    sinks = List.copyOf(sinks);
    if (sinks.stream().map(EventSink::name).distinct().count() < sinks.size()) {
      throw new IllegalArgumentException("two sinks have one name");
    }
    issuers = List.copyOf(issuers);
    clock = InstantSource.tick(clock, MILLISECOND);
  }

  /// The same but for the directory of the heads.
  ServerConfig withSignedHeads(Path signedHeads) {
    return withSignedHeads(new SigningMemory.Directory(signedHeads));
  }

  /// The same but for where heads are remembered.
  ServerConfig withSignedHeads(SigningMemory signedHeads) {
    var moved =
        new LogConfig(log.host(), log.key(), signedHeads, log.witnesses(), log.ownWitnesses());
    return new ServerConfig(database, web, moved, access, notifications, sinks, issuers, clock);
  }

  /// The control plane's own PostgreSQL. `wrappingKey` is the file of the keys that wrap the
  /// tenants' data keys in it, the same on every server; made at the first start.
  ///
  /// @param ages how long rows are kept that nothing depends on
  public record DatabaseConfig(
      String jdbcUrl,
      String user,
      Supplier<String> password,
      int connections,
      Path wrappingKey,
      PruneAges ages) {
    /// Keeps rows for as long as is usual.
    public DatabaseConfig(
        String jdbcUrl, String user, Supplier<String> password, int connections, Path wrappingKey) {
      this(jdbcUrl, user, password, connections, wrappingKey, PruneAges.STANDARD);
    }

    @Override
    public String toString() {
      return "Database[%s as %s]".formatted(jdbcUrl, user);
    }
  }

  /// Where the server listens, and where people reach it.
  ///
  /// @param trustedProxies addresses and ranges of those whose `X-Forwarded-For` says where a call
  ///   comes from
  /// @param program what people here type to start the command line, as pages and mails print it
  public record WebConfig(
      String bindAddress,
      int port,
      URI publicUrl,
      Optional<TlsConfig> tls,
      List<String> trustedProxies,
      String program) {
    /// What people type to start the command line, where nothing else is said.
    public static final String PROGRAM = "lockbox";

    public WebConfig {
      trustedProxies = List.copyOf(trustedProxies);
    }

    /// Calls come from where their connections do, or through a proxy on this very host.
    public WebConfig(String bindAddress, int port, URI publicUrl, Optional<TlsConfig> tls) {
      this(bindAddress, port, publicUrl, tls, List.of(), PROGRAM);
    }

    /// Whether gateways show a certificate.
    boolean wantsClientCertificates() {
      return tls.flatMap(TlsConfig::clientAuthorities).isPresent();
    }
  }

  /// PEM files; `clientAuthorities` present means that gateways must show a certificate by one.
  public record TlsConfig(Path certificates, Path privateKey, Optional<Path> clientAuthorities) {}

  /// The tenants' logs. `host` is the first part of every log's name (`<host>/t/<tenant>`) and can
  /// never change once a tenant exists. `key` is a file with the log's two keys and mode 0600, the
  /// same on every server. `signedHeads` is outside the database and its backups: a directory of
  /// this server alone, or a memory that all servers share. `witnesses` are asked to cosign the
  /// epoch log, `ownWitnesses` each the log of its tenant.
  public record LogConfig(
      String host,
      Path key,
      SigningMemory signedHeads,
      List<Witnesses.WitnessEndpoint> witnesses,
      Map<TenantId, URI> ownWitnesses) {
    public LogConfig {
      witnesses = List.copyOf(witnesses);
      ownWitnesses = Map.copyOf(ownWitnesses);
    }
  }

  /// Who asks for access to what, and how often.
  public record AccessConfig(Provider provider, RequestRates limits) {}

  /// How people and programs are told. Webhooks lead to public addresses, and to
  /// `privateWebhookHosts`.
  public record NotificationConfig(Optional<Smtp> smtp, Set<String> privateWebhookHosts) {
    public NotificationConfig {
      privateWebhookHosts = Set.copyOf(privateWebhookHosts);
    }
  }
}
