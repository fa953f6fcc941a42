package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.check.caller.CallerTls;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.check.caller.CheckCaller.CallerKind;
import org.openlockbox.check.caller.CheckCaller.CallerProof;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.check.catalogue.CheckReader;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.check.resource.CheckPlace;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.LogMemoryHere;
import org.openlockbox.gateway.testing.TwoTenants;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.net.TestCertificate;

/// A gateway that answers checks, with a control plane of two tenants in memory. What is asked
/// about is a helpdesk whose callers speak of `user` and `record`, as the AuthZEN working group's
/// scenario does: `record-1` is acme's, `record-2` is globex's.
final class CheckFixture implements AutoCloseable {
  static final TestCertificate CERTIFICATE = TestCertificate.make();
  static final String SECRET = "A".repeat(43);
  static final String CALLER = "helpdesk-app." + SECRET;
  static final String PROXY = "helpdesk-edge." + "C".repeat(43);
  static final String STRANGER = "other-app." + "B".repeat(43);
  static final Duration AGES = Duration.ofMinutes(30);

  private static final String CATALOGUE =
      """
      id: helpdesk
      name: Helpdesk
      check: {memory: helpdesk-db, url: 'https://helpdesk.example.com', subject: user, resource: record}
      tenancy:
        ids: {acme: [record-1, acme], globex: [record-2, globex]}
      actions:
        records.read: {action: read, level: read}
        records.write: {action: write, level: write}
        records.delete: {action: delete, where: {soft: true}, level: write}
      routes:
        tickets.list: {method: GET, path: '/t/{tenant}/tickets', level: read, query: [page]}
        tickets.update: {method: PATCH, path: '/t/{tenant}/tickets/{id}', level: write}
        events: {method: GET, path: '/t/{tenant}/events', level: read}
      levels: [read, write]
      """;

  final SecureRandom random = new SecureRandom();
  final SettableClock clock =
      new SettableClock(InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS));
  final TenantFixture acme = new TenantFixture("acme", 1, clock);
  final TenantFixture globex = acme.beside("globex", 1);
  private final GatewayIdentity identity = GatewayIdentity.starting(TenantFixture.GATEWAY, random);
  final FakeControlPlane acmesPlane = new FakeControlPlane(acme, identity);
  final FakeControlPlane globexPlane = new FakeControlPlane(globex, identity);
  final LockboxGateway gateway;
  private volatile CheckConfig checks;
  final HttpClient client =
      HttpClient.newBuilder()
          .sslContext(CERTIFICATE.trusting())
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  CheckFixture() throws IOException {
    this(List.of());
  }

  /// @param more callers besides those that have a secret
  CheckFixture(List<CheckCaller> more) throws IOException {
    this(more, CATALOGUE);
  }

  /// One whose tenants have a host each: `<tenant>.office.example`.
  static CheckFixture withHosts() throws IOException {
    return new CheckFixture(
        List.of(),
        CATALOGUE.replace(
            "actions:",
            "  hosts: {acme: acme.office.example, globex: globex.office.example}\nactions:"));
  }

  private CheckFixture(List<CheckCaller> more, String catalogue) throws IOException {
    var config =
        new GatewayConfig(
            FakeControlPlane.credential(acme),
            new GatewayConfig.ControlPlaneEndpoint(
                URI.create("http://127.0.0.1:1"), () -> "", Optional.empty(), Optional.empty()),
            Map.of(acme.tenant(), acme.pin(), globex.tenant(), globex.pin()),
            Map.of(),
            LiveSessions.SessionLimits.STANDARD);
    checks =
        new CheckConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            URI.create("https://checks.example.com"),
            CallerTls.context(List.of(CERTIFICATE.identity().keyManagers())),
            callers(more),
            List.of(new CheckResource(new CheckPlace(spec(catalogue), new LogMemoryHere()))),
            Duration.ofMinutes(10));
    gateway =
        LockboxGateway.start(
            config,
            identity,
            new TwoTenants(acmesPlane, globexPlane),
            Clocks.ofMachine(InstantSource.system()),
            List.of(CheckProtocol.of(() -> checks)));
  }

  /// Takes a catalogue in which this text is another one, as `lockbox reload` does.
  void reload(String from, String to) {
    CheckConfig old = checks;
    checks =
        new CheckConfig(
            old.listen(),
            old.url(),
            old.identity(),
            old.callers(),
            List.of(
                new CheckResource(
                    new CheckPlace(spec(CATALOGUE.replace(from, to)), new LogMemoryHere()))),
            old.idle());
    gateway.reload(Map.of(acme.tenant(), acme.pin(), globex.tenant(), globex.pin()), Map.of());
  }

  private static CheckCallers callers(List<CheckCaller> more) {
    var known = caller(CALLER, CallerKind.SERVICE, TenantFixture.HELPDESK);
    var proxy = caller(PROXY, CallerKind.PROXY, TenantFixture.HELPDESK);
    var elsewhere = caller(STRANGER, CallerKind.SERVICE, new ResourceId("billing"));
    return new CheckCallers(
        Stream.concat(Stream.of(known, proxy, elsewhere), more.stream()).toList());
  }

  /// One that is known by what it sends, and serves all tenants.
  static CheckCaller caller(String sent, CallerKind kind, ResourceId resource) {
    String[] parts = sent.split("\\.", 2);
    return new CheckCaller(
        parts[0],
        new CallerProof.SecretHash(Bytes.ofUtf8(parts[1]).sha256()),
        kind,
        Set.of(resource),
        Set.of());
  }

  static CheckSpec spec() {
    return spec(CATALOGUE);
  }

  private static CheckSpec spec(String catalogue) {
    return CheckReader.read(YamlMap.parse("resources.yaml", catalogue)).spec();
  }

  private static SubjectId subject(String name) {
    return new SubjectId(name);
  }

  /// A request of this engineer for a tenant's records.
  RequestEntry asked(TenantFixture tenant, String engineer, Level level, Assurance assurance) {
    return asked(tenant, engineer, level, assurance, Limits.UNWRITTEN);
  }

  RequestEntry asked(
      TenantFixture tenant, String engineer, Level level, Assurance assurance, Limits limits) {
    var terms = new Terms(TenantFixture.HELPDESK, level, Optional.empty(), AGES, limits);
    Submission usual = tenant.submission(terms, 1);
    var by =
        new Engineer(
            subject(engineer),
            EngineerFacts.human("DE", "Vendor GmbH"),
            tenant.key(engineer).key());
    return tenant.ask(
        new Submission(
            usual.id(),
            usual.tenant(),
            by,
            usual.purpose(),
            usual.ticket(),
            terms,
            usual.extended(),
            false,
            assurance,
            usual.decideBy(),
            usual.quorum()));
  }

  RequestEntry approved(TenantFixture tenant, String engineer, Level level) {
    RequestEntry asked = asked(tenant, engineer, level, Assurance.CHECKED);
    tenant.approve(asked, "ann");
    return asked;
  }

  /// What `lockbox connect` does: the engineer's login for the request, which the control plane
  /// offers. Answers its token.
  String login(TenantFixture tenant, RequestEntry asked) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    var request = asked.submission().id();
    Instant now = clock.instant();
    var statement =
        new ConnectStatement(
            tenant.tenant(),
            request,
            TenantFixture.HELPDESK,
            asked.submission().engineer().id(),
            request.userPrefix() + HexFormat.of().toHexDigits(random.nextInt()),
            new Credential.Token(Bytes.of(secret).sha256()),
            new Window(now, now.plus(Duration.ofMinutes(10))),
            tenant.nonce());
    var envelope =
        statement.unsigned().signedBy(tenant.key(asked.submission().engineer().id().value()));
    (tenant == acme ? acmesPlane : globexPlane)
        .offer(statement.user(), new ConnectOffer(tenant.tenant(), request, envelope));
    return statement.user() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /// An approved request with a login; answers the request.
  RequestEntry letIn(TenantFixture tenant, String engineer, Level level) {
    RequestEntry asked = approved(tenant, engineer, level);
    login(tenant, asked);
    return asked;
  }

  URI at(String path) {
    return URI.create("https://127.0.0.1:" + gateway.port() + path);
  }

  HttpRequest.Builder asking(String path, String body) {
    return HttpRequest.newBuilder(at(path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + CALLER)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  /// A connection on which nothing has been said yet.
  Socket socket() throws IOException {
    return CERTIFICATE
        .trusting()
        .getSocketFactory()
        .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
  }

  /// A request as no library would send it; answers its status line.
  String raw(String... lines) throws IOException {
    try (var socket = socket()) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(asking(path, body).build());
  }

  HttpResponse<String> evaluate(String subject, String action, String record)
      throws IOException, InterruptedException {
    return post("/access/v1/evaluation", question(subject, action, record));
  }

  static String question(String subject, String action, String record) {
    return """
        {"subject":{"type":"user","id":"%s"},"action":{"name":"%s"},\
        "resource":{"type":"record","id":"%s"}}"""
        .formatted(subject, action, record);
  }

  List<SessionEvent.Operation> operations() {
    return events(SessionEvent.Operation.class);
  }

  List<SessionEvent.Outcome> outcomes() {
    return events(SessionEvent.Outcome.class);
  }

  <T extends SessionEvent> List<T> events(Class<T> type) {
    return acmesPlane.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    client.shutdownNow();
    gateway.close();
  }
}
