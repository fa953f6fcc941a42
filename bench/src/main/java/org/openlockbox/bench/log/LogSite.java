package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.demo.postgres.EmbeddedCluster;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.controlplane.HttpControlPlane;
import org.openlockbox.node.process.Ports;
import org.openlockbox.portal.Portal;
import org.openlockbox.portal.edge.ApproveOrigin;
import org.openlockbox.portal.edge.Origins;
import org.openlockbox.server.LockboxServer;
import org.openlockbox.server.ServerConfig;
import org.openlockbox.server.access.RequestRates;
import org.openlockbox.server.export.EventSink;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.seal.WrappingKeyFile;
import org.openlockbox.tlog.SigningKeys;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// A server over an embedded PostgreSQL of its own, with rows for many tenants, each with an open
/// session at one of the gateways. The rows are made by hand: nobody signed for these tenants, and
/// their logs begin empty.
final class LogSite implements AutoCloseable {
  static final String LOG_HOST = "log.example";

  /// Where passkeys sign, by a name of this machine that the portal does not have.
  static final URI APPROVE = URI.create("http://localhost");

  private static final SoftwareKey AUTHORITY =
      SoftwareKey.generate(Scheme.ED25519, new SecureRandom());
  private static final String BOOT = "00000000000000b0";

  private final EmbeddedCluster postgres;
  private final LockboxServer server;
  private final ServerConfig config;
  private final int gateways;
  private final Path pgdata;
  private final SingleConnectionDataSource shared;

  private LogSite(EmbeddedCluster postgres, ServerConfig config, Path pgdata, int gateways) {
    this.postgres = postgres;
    this.pgdata = pgdata;
    this.config = config;
    this.gateways = gateways;
    var origins = new Origins(config.web().publicUrl(), Optional.of(new ApproveOrigin(APPROVE)));
    this.server = LockboxServer.start(config, new Portal(origins));
    this.shared = connection();
  }

  static LogSite start(Path directory, int gateways) {
    return start(directory, gateways, List.of());
  }

  static LogSite start(Path directory, int gateways, List<EventSink> sinks) {
    var random = new SecureRandom();
    var settings =
        new EmbeddedCluster.ClusterSettings(
            "the benchmark's PostgreSQL", directory.resolve("db"), Ports.free(), Optional.empty());
    var postgres = EmbeddedCluster.start(settings, Workplace.postgres(), random);
    postgres.ensureDatabase("lockbox");
    return new LogSite(
        postgres, config(postgres, directory, sinks), directory.resolve("db/pgdata"), gateways);
  }

  private static ServerConfig config(
      EmbeddedCluster postgres, Path directory, List<EventSink> sinks) {
    var random = new SecureRandom();
    return new ServerConfig(
        new ServerConfig.DatabaseConfig(
            postgres.jdbcUrl("lockbox"),
            postgres.superuser(),
            postgres::password,
            10,
            directory.resolve("wrapping.key")),
        new ServerConfig.WebConfig(
            "127.0.0.1", 0, URI.create("http://127.0.0.1"), Optional.empty()),
        new ServerConfig.LogConfig(
            LOG_HOST,
            logKey(directory, random),
            new SigningMemory.Directory(directory.resolve("signed")),
            List.of(),
            Map.of()),
        new ServerConfig.AccessConfig(
            new Provider("Vendor", resources(), AUTHORITY.key()), RequestRates.NONE),
        new ServerConfig.NotificationConfig(Optional.empty(), Set.of()),
        sinks,
        List.of(),
        InstantSource.system());
  }

  /// What gateway `n` shows; none of them signs anything but that.
  private static GatewayCredential credential(int n) {
    var key = SoftwareKey.generate(Scheme.ED25519, new SecureRandom());
    var now = InstantSource.system().instant();
    var certificate =
        new GatewayCertificate(
                gateway(n),
                key.key(),
                new LogHost(LOG_HOST),
                List.of(new ResourceId("resource-0")),
                new Window(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1))))
            .unsigned()
            .signedBy(AUTHORITY);
    return new GatewayCredential(gateway(n), key, () -> certificate);
  }

  private static List<Resource> resources() {
    return IntStream.range(0, 10)
        .mapToObj(
            n ->
                new Resource(
                    new ResourceId("resource-" + n),
                    "Resource " + n,
                    Set.of(Level.values()),
                    false,
                    Resource.DECIDE_WITHIN,
                    List.of(
                        new Resource.GatewayEndpoint(
                            Optional.empty(), "127.0.0.1", 1, "database", "")),
                    List.of(
                        new Resource.ResourceTable(
                            "app", "customers", List.of("email"), List.of(), false)),
                    Optional.empty(),
                    Assurance.GATED,
                    "0".repeat(64)))
        .toList();
  }

  private static Path logKey(Path directory, SecureRandom random) {
    try {
      var file = directory.resolve("log.key");
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, SigningKeys.generate(random).format());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GatewayId gateway(int n) {
    return new GatewayId("gw-" + n);
  }

  /// Makes tenants, each with a request in force and an open session.
  void populate(int tenants) {
    for (var sql : TenantRows.of(tenants, LOG_HOST, gateways, BOOT)) {
      execute(sql);
    }
    makeKeys(tenants);
    execute("analyze");
    execute("checkpoint");
  }

  /// Founds the first tenant as every tenant is founded, with a request in force and an open
  /// session.
  ///
  /// @return the key of its one approver, whom it calls `auditor`
  SoftwareKey found() {
    var key = found(0);
    TenantRows.sessions(gateways, BOOT).forEach(this::execute);
    return key;
  }

  /// Founds the tenant of this number, which is the next one.
  SoftwareKey found(int number) {
    var id = tenant(number);
    var key = SoftwareKey.generate(Scheme.ED25519, new SecureRandom());
    var origin = LogOrigin.of(LOG_HOST, id);
    var genesis =
        new Genesis(
            id,
            "Tenant " + number,
            origin,
            logKeys().verifier(origin.value()),
            number,
            1,
            List.of(new ApproverKey(new SubjectId("auditor"), "Key", key.key())),
            config.access().provider().gatewayAuthority());
    var signed = Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis.toJson()).signedBy(key);
    var body =
        Json.object()
            .put("id", id.value())
            .put("name", genesis.name())
            .put("genesis", Json.object().put("envelope", signed.toJson()).build())
            .build();
    post("/v1/tenants", body, "operator", Role.OPERATOR, Optional.empty(), "*");
    return key;
  }

  /// Approves a request of the first tenant as it is asked for.
  ///
  /// @param key of its approver
  void approve(StoredRequest stored, SoftwareKey key) {
    var asked = stored.submission();
    var now = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
    var approver = new SubjectId("auditor");
    var decision =
        new Decision(
            asked.tenant(),
            LogOrigin.of(LOG_HOST, asked.tenant()),
            RequestRef.of(asked, stored.logIndex(), stored.entrySha256()),
            approver,
            Optional.of(Allowance.asAsked(asked, now)),
            "",
            Nonce.random(new SecureRandom()));
    var body = Json.object().put("envelope", decision.unsigned().signedBy(key).toJson()).build();
    post(
        "/v1/tenants/%s/requests/%s:approve".formatted(asked.tenant(), asked.id()),
        body,
        approver.value(),
        Role.APPROVER,
        Optional.of(asked.tenant()),
        stored.etag());
  }

  private void post(
      String path, Json body, String who, Role role, Optional<TenantId> tenant, String etag) {
    var token = server.tokens().issue(new SubjectId(who), who, Set.of(role), tenant);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port(), path)))
            .header("Authorization", "Bearer " + token.token())
            .header("If-Match", etag)
            .POST(HttpRequest.BodyPublishers.ofString(CanonicalJson.text(body)))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(answer.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void makeKeys(int tenants) {
    var keys = keys();
    var transaction = new TransactionTemplate(new JdbcTransactionManager(shared));
    transaction.executeWithoutResult(
        status -> {
          for (int n = 0; n < tenants; n++) {
            keys.make(tenant(n), 1);
          }
        });
  }

  private TenantKeys keys() {
    var random = new SecureRandom();
    var wrapping = WrappingKeyFile.open(config.database().wrappingKey(), random);
    return new TenantKeys(JdbcClient.create(shared), wrapping, InstantSource.system(), random);
  }

  /// The texts beside the logs of this site.
  LogTexts texts() {
    return new LogTexts(JdbcClient.create(shared), keys());
  }

  static TenantId tenant(int n) {
    return new TenantId("t" + n);
  }

  static SessionId session(int tenant) {
    return new SessionId("S-%016d".formatted(tenant));
  }

  int gateways() {
    return gateways;
  }

  /// The certificate of each gateway, as it stands in the row of a boot.
  List<String> certificates() {
    return IntStream.range(0, gateways)
        .mapToObj(n -> CanonicalJson.text(credential(n).certificate().get().toJson()))
        .toList();
  }

  /// Which gateway has the tenant's session.
  int gatewayOf(int tenant) {
    return tenant % gateways;
  }

  GatewayIdentity identity(int gateway) {
    return new GatewayIdentity(gateway(gateway), BOOT);
  }

  /// What this gateway appends with: the gateway's own code, over HTTP.
  HttpControlPlane controlPlane(int gateway) {
    var name = gateway(gateway).value();
    var token =
        server
            .tokens()
            .issue(new SubjectId(name), name, Set.of(Role.GATEWAY), Optional.empty())
            .token();
    return new HttpControlPlane(
        identity(gateway),
        credential(gateway),
        URI.create("http://127.0.0.1:" + server.port()),
        Optional.empty(),
        () -> token,
        new GatewayAgent("bench", Optional.empty()),
        Optional.empty(),
        System::nanoTime);
  }

  /// A token of somebody who may read this tenant's log.
  String auditor(int tenant) {
    return server
        .tokens()
        .issue(
            new SubjectId("auditor"), "auditor", Set.of(Role.AUDITOR), Optional.of(tenant(tenant)))
        .token();
  }

  void buildEpoch() {
    server.buildEpoch();
  }

  CpuTime cpuTime() {
    return CpuTime.now(pgdata);
  }

  /// A connection to the database beside those of the server, for one thread at a time.
  SingleConnectionDataSource connection() {
    var url = postgres.jdbcUrl("lockbox");
    return new SingleConnectionDataSource(url, postgres.superuser(), postgres.password(), true);
  }

  LogKeys logKeys() {
    return LogKeys.read(config.log().key());
  }

  int port() {
    return server.port();
  }

  void execute(String sql) {
    JdbcClient.create(shared).sql(sql).update();
  }

  @Override
  public void close() {
    shared.destroy();
    server.close();
    postgres.close();
  }
}
