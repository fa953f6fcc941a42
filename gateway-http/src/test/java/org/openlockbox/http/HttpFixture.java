package org.openlockbox.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.LogMemoryHere;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.BodyRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.catalogue.HttpUpstream;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RequestRule;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.catalogue.RouteTable;
import org.openlockbox.http.json.FieldRules;
import org.openlockbox.http.resource.HttpResource;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.net.TestCertificate;

/// A gateway for HTTP in front of a [TicketService], with a control plane in memory.
public final class HttpFixture implements AutoCloseable {
  private static final TestCertificate CERTIFICATE = TestCertificate.make();
  static final Duration AGES = Duration.ofMinutes(30);

  /// Few, so that a test can take all of them.
  static final LoginLimits LOGINS = new LoginLimits(80, 70, 70, Duration.ofSeconds(5));

  /// All of an answer passes.
  static final AnswerRule WHOLE =
      new AnswerRule(FieldRules.of(Map.of()), List.of(), AnswerForm.DOCUMENT);

  final SecureRandom random = new SecureRandom();
  final SettableClock clock =
      new SettableClock(InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS));
  final TenantFixture acme = new TenantFixture("acme", 1, clock);
  final GatewayIdentity identity = GatewayIdentity.starting(TenantFixture.GATEWAY, random);
  public final FakeControlPlane controlPlane = new FakeControlPlane(acme, identity);
  final TicketService service;
  public final LockboxGateway gateway;
  HttpClient client;
  volatile ProtectionState standing = new ProtectionState.Intact();

  /// What the gateway's next reload takes.
  volatile List<HttpRoute> routes = routes();

  volatile Set<Level> levels = Set.of(Level.READ, Level.WRITE);
  volatile Optional<HttpUpstream> upstream = Optional.empty();
  volatile Optional<AssertionRule> assertion = Optional.empty();
  volatile AssertionKeys assertionKeys = AssertionKeys.NONE;

  HttpFixture() throws IOException {
    this(LiveSessions.SessionLimits.STANDARD, LOGINS);
  }

  /// What its clients are to trust.
  public static String certificatePem() {
    return CERTIFICATE.certificatePem();
  }

  public HttpFixture(LiveSessions.SessionLimits limits, LoginLimits logins) throws IOException {
    service = new TicketService();
    var config =
        new GatewayConfig(
            FakeControlPlane.credential(acme),
            new GatewayConfig.ControlPlaneEndpoint(
                URI.create("http://127.0.0.1:1"), () -> "", Optional.empty(), Optional.empty()),
            Map.of(acme.tenant(), acme.pin()),
            Map.of(),
            limits);
    gateway =
        LockboxGateway.start(
            config,
            identity,
            controlPlane,
            Clocks.ofMachine(InstantSource.system()),
            List.of(HttpProtocol.of(() -> config(logins))));
    client = freshClient();
  }

  private HttpConfig config(LoginLimits logins) {
    return new HttpConfig(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        CERTIFICATE.context(),
        CERTIFICATE.trusting(),
        _ -> List.of(HttpResource.of(spec(), new LogMemoryHere(), _ -> () -> standing)),
        assertionKeys,
        logins,
        Duration.ofMinutes(10),
        Optional.of(new SessionHosts("apps.test")));
  }

  /// Goes on with the routes, the assertion and the keys that are set here.
  void reload() {
    gateway.reload(Map.of(acme.tenant(), acme.pin()), Map.of());
  }

  /// A client that has no connection yet.
  HttpClient freshClient() {
    return HttpClient.newBuilder()
        .sslContext(CERTIFICATE.trusting())
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }

  private HttpSpec spec() {
    return new HttpSpec(
        TenantFixture.HELPDESK,
        "Tickets",
        upstream.orElseGet(() -> new HttpUpstream.SharedUpstream(service.base())),
        Map.of(acme.tenant(), "acme"),
        Map.of(acme.tenant(), "acme"),
        new RouteTable(routes),
        levels,
        false,
        assertion);
  }

  private static List<HttpRoute> routes() {
    return List.of(
        route("tickets.list", Method.GET, "/t/{tenant}/tickets", Level.READ, "page"),
        route("tickets.show", Method.GET, "/t/{tenant}/tickets/{id}", Level.READ),
        stream("events", "/t/{tenant}/events", AnswerForm.EVENTS),
        route("silence", Method.GET, "/t/{tenant}/silence", Level.READ),
        route("flood", Method.GET, "/t/{tenant}/flood", Level.READ),
        route("elsewhere", Method.GET, "/t/{tenant}/elsewhere", Level.READ),
        new HttpRoute(
            new RouteName("tickets.update"),
            Method.PATCH,
            PathTemplate.parse("/t/{tenant}/tickets/{id}"),
            Level.WRITE,
            RequestRule.ofQuery(Set.of()),
            Optional.of(new BodyRule(Set.of("application/json"), 100)),
            WHOLE));
  }

  private static HttpRoute stream(String name, String path, AnswerForm form) {
    return new HttpRoute(
        new RouteName(name),
        Method.GET,
        PathTemplate.parse(path),
        Level.READ,
        RequestRule.ofQuery(Set.of()),
        Optional.empty(),
        new AnswerRule(FieldRules.of(Map.of()), List.of(), form));
  }

  /// Behind `/ws` stands a service with WebSockets from now on.
  public void alsoServes(URI webSockets) {
    upstream =
        Optional.of(
            new HttpUpstream.UpstreamMounts(
                Map.of(
                    CanonicalPath.parse("/").orElseThrow(),
                    service.base(),
                    CanonicalPath.parse("/ws").orElseThrow(),
                    webSockets)));
    List<HttpRoute> more = new ArrayList<>(routes);
    more.add(stream("ws.flood", "/ws/{tenant}/flood", AnswerForm.WEBSOCKET));
    routes = List.copyOf(more);
    reload();
  }

  static HttpRoute route(String name, Method method, String path, Level level, String... query) {
    return new HttpRoute(
        new RouteName(name),
        method,
        PathTemplate.parse(path),
        level,
        RequestRule.ofQuery(Set.of(query)),
        Optional.empty(),
        WHOLE);
  }

  RequestEntry asked(Level level, Limits limits) {
    var terms = new Terms(TenantFixture.HELPDESK, level, Optional.empty(), AGES, limits);
    return acme.ask(acme.submission(terms, 1));
  }

  public RequestEntry approved(Level level) {
    return approved(level, Limits.UNWRITTEN);
  }

  RequestEntry approved(Level level, Limits limits) {
    RequestEntry asked = asked(level, limits);
    acme.approve(asked, "ann");
    return asked;
  }

  /// A token for the request, which the control plane knows.
  public String token(RequestEntry asked) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String user = controlPlane.offer(asked, Bytes.of(secret), random);
    return user + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  URI at(String target) {
    return URI.create("https://127.0.0.1:" + gateway.port() + target);
  }

  HttpRequest.Builder asking(String token, String target) {
    return HttpRequest.newBuilder(at(target))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token);
  }

  /// A connection to the gateway, for requests that no client would send.
  SSLSocket socket() throws IOException {
    SSLSocket socket =
        (SSLSocket)
            CERTIFICATE.trusting().getSocketFactory().createSocket("127.0.0.1", gateway.port());
    socket.startHandshake();
    return socket;
  }

  /// TLS on a connection that has begun otherwise.
  SSLSocket secured(Socket socket) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            CERTIFICATE
                .trusting()
                .getSocketFactory()
                .createSocket(socket, "127.0.0.1", gateway.port(), true);
    secured.startHandshake();
    return secured;
  }

  HttpResponse<String> get(String token, String target) throws IOException, InterruptedException {
    return client.send(asking(token, target).build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
    gateway.close();
    service.close();
  }
}
