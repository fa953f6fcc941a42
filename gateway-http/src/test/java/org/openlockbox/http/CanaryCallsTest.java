package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.catalogue.HttpUpstream;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.RouteTable;
import org.openlockbox.http.resource.CanaryCalls;
import org.openlockbox.http.resource.CanaryCalls.CanaryAnswer;
import org.openlockbox.http.resource.CanaryCalls.CanaryVerdict;
import org.openlockbox.http.resource.UpstreamLook;

/// A service that forgets one of its checks is found out; one that has them all is not.
class CanaryCallsTest {
  private static final TenantId ACME = new TenantId("acme");

  private HttpServer server;

  /// What the service looks at of a request; each gives the status if it is not content.
  private final List<Function<HttpExchange, Optional<Integer>>> checks = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    int status =
        checks.stream().flatMap(each -> each.apply(exchange).stream()).findFirst().orElse(200);
    byte[] body = "{}".getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static Optional<Fields> claims(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Lockbox-Assertion"))
        .map(text -> Bytes.ofBase64Url(text.split("\\.", -1)[1]))
        .map(json -> Fields.of(Json.read(json.toArray()), "claims"));
  }

  private static Optional<Integer> status(boolean content, int status) {
    return content ? Optional.empty() : Optional.of(status);
  }

  private static Optional<Integer> isThere(HttpExchange exchange) {
    return status(claims(exchange).isPresent(), 401);
  }

  private static Optional<Integer> isFresh(HttpExchange exchange) {
    long now = InstantSource.system().instant().getEpochSecond();
    return claims(exchange).flatMap(it -> status(it.number("exp") > now - 5, 401));
  }

  private static Optional<Integer> isForThePath(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    return claims(exchange).flatMap(it -> status(it.text("htu").equals(path), 401));
  }

  private static Optional<Integer> isTheTenants(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    return claims(exchange)
        .flatMap(it -> status(path.startsWith("/" + it.text("tenant") + "/"), 404));
  }

  private static Optional<Integer> exists(HttpExchange exchange) {
    return status(!exchange.getRequestURI().getRawPath().endsWith("lockbox-check"), 404);
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private CanaryCalls calls() throws NoSuchAlgorithmException {
    return calls(
        HttpFixture.route("one", Method.GET, "/{tenant}/t/{id}", Level.READ),
        HttpFixture.route("all", Method.GET, "/{tenant}/t", Level.READ));
  }

  private CanaryCalls calls(HttpRoute... routes) throws NoSuchAlgorithmException {
    var keys =
        AssertionKeys.of(List.of(SoftwareKey.generate(Scheme.ECDSA_P256, new SecureRandom())));
    var spec =
        new HttpSpec(
            new ResourceId("api"),
            "API",
            new HttpUpstream.SharedUpstream(base()),
            Map.of(ACME, "acme", new TenantId("globex"), "globex"),
            Map.of(ACME, "acme", new TenantId("globex"), "globex"),
            new RouteTable(List.of(routes)),
            Set.of(Level.READ, Level.WRITE),
            false,
            Optional.of(new AssertionRule("api", false)));
    return new CanaryCalls(
        spec, new GatewayId("gw-1"), () -> keys, SSLContext.getDefault(), InstantSource.system());
  }

  private List<String> letIn() throws Exception {
    return calls().refusals(ACME, base()).stream()
        .filter(each -> each.verdict() == CanaryVerdict.LET_IN)
        .map(CanaryAnswer::sent)
        .toList();
  }

  private void checkAll() {
    checks.addAll(
        List.of(
            CanaryCallsTest::isThere,
            CanaryCallsTest::isFresh,
            CanaryCallsTest::isForThePath,
            CanaryCallsTest::isTheTenants,
            CanaryCallsTest::exists));
  }

  @Test
  void aServiceThatChecksAllIsAsItShouldBe() throws Exception {
    checkAll();
    assertThat(calls().refusals(ACME, base()))
        .hasSize(4)
        .allMatch(each -> each.verdict() == CanaryVerdict.AS_IT_SHOULD);
    assertThat(calls().welcome(ACME, base()).orElseThrow())
        .matches(each -> each.verdict() == CanaryVerdict.AS_IT_SHOULD && each.status() == 404);
    var look = new UpstreamLook(base(), Optional.of(calls()), System::nanoTime);
    assertThat(look.get()).isInstanceOf(ProtectionState.Intact.class);
  }

  /// What cannot be asked without an effect is not taken for a service that refuses.
  @Test
  void aServiceThatCannotBeAskedIsNotTrusted() throws Exception {
    checkAll();
    CanaryCalls none =
        calls(HttpFixture.route("drop", Method.DELETE, "/{tenant}/t/{id}", Level.WRITE));
    assertThat(none.refusals(ACME, base())).isEmpty();
    assertThat(new UpstreamLook(base(), Optional.of(none), System::nanoTime).get())
        .isInstanceOfSatisfying(
            ProtectionState.Broken.class, it -> assertThat(it.detail()).contains("GET"));
  }

  @Test
  void eachCheckThatIsForgottenIsNamed() throws Exception {
    assertThat(letIn()).hasSize(4);
    checks.add(CanaryCallsTest::isThere);
    assertThat(letIn())
        .containsExactly(
            "an assertion that is over",
            "an assertion for another path",
            "another tenant's assertion");
    checks.add(CanaryCallsTest::isFresh);
    checks.add(CanaryCallsTest::isForThePath);
    assertThat(letIn()).containsExactly("another tenant's assertion");
    var look = new UpstreamLook(base(), Optional.of(calls()), System::nanoTime);
    assertThat(look.get())
        .isInstanceOfSatisfying(
            ProtectionState.Broken.class,
            broken -> assertThat(broken.detail()).contains("another tenant's assertion", "200"));
  }

  @Test
  void aServiceThatRefusesEverybodyIsNotAsItShouldBe() throws Exception {
    checks.add(_ -> Optional.of(401));
    assertThat(calls().refusals(ACME, base()))
        .allMatch(each -> each.verdict() == CanaryVerdict.AS_IT_SHOULD);
    assertThat(calls().welcome(ACME, base()).orElseThrow().verdict())
        .isEqualTo(CanaryVerdict.UNCLEAR);
  }

  @Test
  void anErrorIsNoClearRefusal() throws Exception {
    checks.add(_ -> Optional.of(500));
    assertThat(calls().refusals(ACME, base()))
        .allMatch(each -> each.verdict() == CanaryVerdict.UNCLEAR);
  }

  /// Whoever asks for the state waits for no upstream that says nothing, but for the first time.
  @Test
  void aLaterLookDoesNotWait() throws Exception {
    long[] now = {0};
    var look = new UpstreamLook(base(), Optional.empty(), () -> now[0]);
    assertThat(look.get()).isInstanceOf(ProtectionState.Intact.class);
    server.stop(0);
    now[0] = 6_000_000_000L;
    assertThat(look.get()).as("the look before").isInstanceOf(ProtectionState.Intact.class);
    Await.until(() -> look.get() instanceof ProtectionState.Unreachable);
  }

  @Test
  void aLookThatFindsNoMemoryIsNotTheLastOne() throws Exception {
    checkAll();
    var now = new AtomicLong();
    var fails = new AtomicBoolean();
    LongSupplier clock =
        () -> {
          if (Thread.currentThread().getName().equals("upstream-look") && fails.getAndSet(false)) {
            throw new OutOfMemoryError("thrown by a test");
          }
          return now.get();
        };
    var look = new UpstreamLook(base(), Optional.of(calls()), clock);
    assertThat(look.get()).isInstanceOf(ProtectionState.Intact.class);
    fails.set(true);
    now.addAndGet(6_000_000_000L);
    Await.until(() -> look.get() instanceof ProtectionState.Broken);
    now.addAndGet(6_000_000_000L);
    Await.until(() -> look.get() instanceof ProtectionState.Intact);
  }
}
