package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestRates;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.export.EventSink;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.oidc.OidcIssuer;
import org.openlockbox.server.log.entry.LogKeyFiles;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.notify.outbox.Smtp;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.tlog.SigningKeys;

/// Servers over one fresh database on a real PostgreSQL (one cluster for the whole JVM), with a
/// clock that tests move and calls over real HTTP.
public final class TestServer implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-11-24T09:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  public final AtomicReference<Instant> clock = new AtomicReference<>(START);
  public static final String LOG_HOST = "log.example";
  public final SoftwareKey authority = SoftwareKey.generate(Scheme.ED25519, RANDOM);
  private final Map<String, SoftwareKey> gatewayKeys =
      Map.of(
          "gw-1", SoftwareKey.generate(Scheme.ED25519, RANDOM),
          "gw-2", SoftwareKey.generate(Scheme.ED25519, RANDOM));
  public final String jdbcUrl;
  public static final URI URL = URI.create("http://127.0.0.1");
  private final Extension extension;
  private final TestDatabase database;
  private final Map<String, String> tokens = new HashMap<>();
  private final List<LockboxServer> servers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerConfig config;

  public TestServer() {
    this(Optional.empty(), Optional.empty());
  }

  public TestServer(Optional<Smtp> smtp, Optional<ServerConfig.TlsConfig> tls) {
    this(smtp, tls, List.of(), List.of());
  }

  public TestServer(List<Witnesses.WitnessEndpoint> witnesses) {
    this(Optional.empty(), Optional.empty(), witnesses, List.of());
  }

  /// With sinks that the first server and every other one tells.
  public static TestServer telling(List<EventSink> sinks) {
    return new TestServer(Optional.empty(), Optional.empty(), List.of(), sinks);
  }

  /// With an extension, and issuers at which people sign in.
  public static TestServer extended(Extension extension, List<OidcIssuer> issuers) {
    return new TestServer(
        TestDatabase.fresh(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        RequestRates.NONE,
        issuers,
        extension);
  }

  /// With mail and these limits of requests.
  public TestServer(Optional<Smtp> smtp, RequestRates limits) {
    this(
        TestDatabase.fresh(),
        smtp,
        Optional.empty(),
        List.of(),
        List.of(),
        limits,
        List.of(),
        Extension.NONE);
  }

  private TestServer(
      Optional<Smtp> smtp,
      Optional<ServerConfig.TlsConfig> tls,
      List<Witnesses.WitnessEndpoint> witnesses,
      List<EventSink> sinks) {
    this(
        TestDatabase.fresh(),
        smtp,
        tls,
        witnesses,
        sinks,
        RequestRates.NONE,
        List.of(),
        Extension.NONE);
  }

  /// Over a database of this name on a cluster of its own.
  public TestServer(TestCluster cluster, String name) {
    this(
        TestDatabase.empty(cluster, name),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        RequestRates.NONE,
        List.of(),
        Extension.NONE);
  }

  private TestServer(
      TestDatabase database,
      Optional<Smtp> smtp,
      Optional<ServerConfig.TlsConfig> tls,
      List<Witnesses.WitnessEndpoint> witnesses,
      List<EventSink> sinks,
      RequestRates limits,
      List<OidcIssuer> issuers,
      Extension extension) {
    this(database, smtp, tls, witnesses, sinks, limits, issuers, extension, List.of());
  }

  /// Behind proxies that say where calls come from.
  public static TestServer behind(List<String> proxies, Extension extension) {
    return new TestServer(
        TestDatabase.fresh(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        RequestRates.NONE,
        List.of(),
        extension,
        proxies);
  }

  private TestServer(
      TestDatabase database,
      Optional<Smtp> smtp,
      Optional<ServerConfig.TlsConfig> tls,
      List<Witnesses.WitnessEndpoint> witnesses,
      List<EventSink> sinks,
      RequestRates limits,
      List<OidcIssuer> issuers,
      Extension extension,
      List<String> proxies) {
    this.extension = extension;
    this.database = database;
    jdbcUrl = database.url();
    var resources = TestResources.all();
    config =
        new ServerConfig(
            new ServerConfig.DatabaseConfig(
                jdbcUrl,
                "postgres",
                () -> "postgres",
                8,
                temporaryDirectory().resolve("wrapping-key")),
            new ServerConfig.WebConfig(
                "127.0.0.1", 0, URL, tls, proxies, ServerConfig.WebConfig.PROGRAM),
            new ServerConfig.LogConfig(
                LOG_HOST, logKey(), new SigningMemory.Directory(Path.of("")), witnesses, Map.of()),
            new ServerConfig.AccessConfig(
                new Provider("Vendor", resources, authority.key()), limits),
            new ServerConfig.NotificationConfig(smtp, Set.of("127.0.0.1")),
            sinks,
            issuers,
            () -> clock.get().plusNanos(456_789));
    startAnother();
    token("engineer", "eve", Role.ENGINEER, Optional.empty());
    token("reviewer", "rex", Role.REVIEWER, Optional.empty());
    token("operator", "olga", Role.OPERATOR, Optional.empty());
    token("gw-1", "gw-1", Role.GATEWAY, Optional.empty());
    token("gw-2", "gw-2", Role.GATEWAY, Optional.empty());
  }

  public SoftwareKey gatewayKey(String id) {
    return Objects.requireNonNull(gatewayKeys.get(id));
  }

  /// What the gateway with this name shows: for the key that it has now.
  public Envelope certificate(String id) {
    return certificate(id, gatewayKey(id));
  }

  public Envelope certificate(String id, SoftwareKey key) {
    return Certificates.of(id, key, authority, clock.get());
  }

  private static Path logKey() {
    try {
      var file = Files.createTempFile("log", ".key");
      file.toFile().deleteOnExit();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return Files.writeString(file, SigningKeys.generate(RANDOM).format());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a server that believes the database as it is.
  public LockboxServer startAnother() {
    return startOver(remembering());
  }

  /// A directory in which the database is remembered as it is.
  public Path remembering() {
    var heads = temporaryDirectory();
    try (var maintenance = maintenance(heads)) {
      maintenance.remember();
    }
    return heads;
  }

  /// Starts a server that remembers in this directory what it signed.
  public LockboxServer startOver(Path signedHeads) {
    return startOver(new SigningMemory.Directory(signedHeads));
  }

  /// Starts a server that remembers there what it signed.
  public LockboxServer startOver(SigningMemory signedHeads) {
    var server = LockboxServer.start(config.withSignedHeads(signedHeads), extension);
    servers.add(server);
    return server;
  }

  /// The parts of a server that answers nobody yet and repeats nothing.
  Wiring notStarted(Path signedHeads) {
    return new Wiring(config.withSignedHeads(signedHeads));
  }

  public LogKeyFiles logKeyFiles() {
    return new LogKeyFiles(config.log().key());
  }

  public Path wrappingKey() {
    return config.database().wrappingKey();
  }

  public Maintenance maintenance(Path signedHeads) {
    return Maintenance.open(config.withSignedHeads(signedHeads));
  }

  public Maintenance maintenance(SigningMemory signedHeads) {
    return Maintenance.open(config.withSignedHeads(signedHeads));
  }

  public int databasePort() {
    return database.cluster().port();
  }

  /// Starts a server that reaches the database at one of these hosts, each with its port.
  public LockboxServer startThrough(String hosts, Path signedHeads) {
    var here = config.database();
    var url = here.jdbcUrl().replaceFirst("//[^/]+/", "//" + hosts + "/");
    var there =
        new ServerConfig.DatabaseConfig(
            url, here.user(), here.password(), here.connections(), here.wrappingKey());
    var moved =
        new ServerConfig(
            there,
            config.web(),
            config.log(),
            config.access(),
            config.notifications(),
            config.sinks(),
            config.issuers(),
            config.clock());
    var server = LockboxServer.start(moved.withSignedHeads(signedHeads), extension);
    servers.add(server);
    return server;
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("heads");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The database as it is, under another name; no server may run.
  public void dump(String name) {
    database.dump(name);
  }

  /// Brings back what [#dump] kept; no server may run.
  public void restore(String name) {
    database.restore(name);
  }

  /// Stops the last server that was started.
  public void stopLast() {
    servers.removeLast().close();
  }

  public LockboxServer server(int index) {
    return servers.get(index);
  }

  public void token(String profile, String subject, Role role, Optional<TenantId> tenant) {
    var issued =
        servers.getFirst().tokens().issue(new SubjectId(subject), subject, Set.of(role), tenant);
    tokens.put(profile, issued.token());
  }

  /// A token of an engineer with this name.
  public void token(String profile, String subject, String name) {
    var issued =
        servers
            .getFirst()
            .tokens()
            .issue(new SubjectId(subject), name, Set.of(Role.ENGINEER), Optional.empty());
    tokens.put(profile, issued.token());
  }

  public void pass(Duration time) {
    clock.updateAndGet(now -> now.plus(time));
  }

  public String bearer(String profile) {
    return Objects.requireNonNull(tokens.get(profile));
  }

  public void execute(String sql) {
    database.execute(sql);
  }

  public List<String> rows(String sql) {
    return database.rows(sql);
  }

  public Answer get(String profile, String path) {
    return call(0, profile, "GET", path, "", Map.of());
  }

  /// Calls as this profile carry this secret from now on.
  public void bearer(String profile, String secret) {
    tokens.put(profile, secret);
  }

  public Answer post(String profile, String path, Json body) {
    return call(0, profile, "POST", path, CanonicalJson.text(body), Map.of());
  }

  public Answer post(String profile, String path, Json body, Map<String, String> headers) {
    return call(0, profile, "POST", path, CanonicalJson.text(body), headers);
  }

  public Answer call(
      int server,
      String profile,
      String method,
      String path,
      String body,
      Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(servers.get(server).port(), path)))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (tokens.containsKey(profile)) {
      request.header("Authorization", "Bearer " + tokens.get(profile));
    }
    headers.forEach(request::header);
    try {
      return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public record Answer(HttpResponse<byte[]> response) {
    public int status() {
      return response.statusCode();
    }

    public Fields json() {
      return Fields.of(Json.read(response.body(), 16 << 20), "answer");
    }

    /// Of a refusal; any other answer fails the test.
    public String code() {
      assertThat(json().has("code")).as(toString()).isTrue();
      return json().text("code");
    }

    public String etag() {
      return response.headers().firstValue("ETag").orElseThrow();
    }

    @Override
    public String toString() {
      return status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    servers.forEach(LockboxServer::close);
    http.close();
  }
}
