package org.openlockbox.http.resource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.assertion.AssertionClaims;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.assertion.Assertions;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.uri.CanonicalQuery;

/// Calls a service as nobody may call it, to see that it refuses: without an assertion, with one of
/// another tenant, with one that is over, and with one for another path. Each call asks for a
/// listed route and reads no body of its answer.
public final class CanaryCalls {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final Duration LONG_OVER = Duration.ofMinutes(10);
  private static final String NOBODY = "lockbox-check";
  private static final RequestId REQUEST = new RequestId("R-" + "0".repeat(10));
  private static final SessionId SESSION = new SessionId("S-" + "0".repeat(16));
  private static final int OK_UNTIL = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final HttpSpec spec;
  private final AssertionRule rule;
  private final GatewayId gateway;
  private final Supplier<AssertionKeys> keys;
  private final SSLContext trust;
  private final InstantSource clock;

  /// @param spec of a service that takes assertions
  public CanaryCalls(
      HttpSpec spec,
      GatewayId gateway,
      Supplier<AssertionKeys> keys,
      SSLContext trust,
      InstantSource clock) {
    this.spec = spec;
    this.rule = spec.assertion().orElseThrow();
    this.gateway = gateway;
    this.keys = keys;
    this.trust = trust;
    this.clock = clock;
  }

  /// How a service answered.
  ///
  /// @param sent what was sent, in words
  /// @param verdict what that says
  public record CanaryAnswer(String sent, String path, int status, CanaryVerdict verdict) {
    /// That it does not exist is an answer, too, where it exists for the right tenant.
    private CanaryAnswer orHidden(boolean exists) {
      return exists && status == NOT_FOUND
          ? new CanaryAnswer(sent, path, status, CanaryVerdict.AS_IT_SHOULD)
          : this;
    }
  }

  /// What an answer says.
  public enum CanaryVerdict {
    /// It is the answer that has to come.
    AS_IT_SHOULD,

    /// It let in whom it must not.
    LET_IN,

    /// It neither let anybody in nor said clearly that it refuses.
    UNCLEAR
  }

  /// The first call that the service at this address let in and must not.
  ///
  /// @throws IOException if it does not answer
  public Optional<CanaryAnswer> letIn(URI base) throws IOException {
    Optional<TenantId> tenant = tenantOf(base);
    if (tenant.isEmpty()) {
      return Optional.empty();
    }
    return refusals(tenant.get(), base).stream()
        .filter(answer -> answer.verdict() == CanaryVerdict.LET_IN)
        .findFirst();
  }

  /// Whether the service at this address can be asked at all without an effect. Of one that cannot
  /// nobody sees whether it refuses.
  boolean canAsk(URI base) {
    return tenantOf(base).flatMap(tenant -> refusingRoute(tenant, base)).isPresent();
  }

  private Optional<TenantId> tenantOf(URI base) {
    return spec.tenants().keySet().stream()
        .filter(each -> spec.upstream().all(each).contains(base))
        .min(Comparator.comparing(TenantId::value));
  }

  /// The calls that have to be refused, each once. Empty where no route of the service at this
  /// address can be asked without an effect.
  ///
  /// @throws IOException if the service does not answer
  public List<CanaryAnswer> refusals(TenantId tenant, URI base) throws IOException {
    Optional<HttpRoute> route = refusingRoute(tenant, base);
    if (route.isEmpty()) {
      return List.of();
    }
    List<CanaryAnswer> answers = new ArrayList<>();
    try (HttpClient client = client()) {
      CanaryCall call = call(client, tenant, base, route.get());
      Instant now = clock.instant();
      answers.add(call.refused("no assertion", Optional.empty()));
      answers.add(
          call.refused(
              "an assertion that is over",
              signed(tenant, call, call.path(), now.minus(LONG_OVER))));
      answers.add(call.refused("an assertion for another path", signed(tenant, call, "/", now)));
      if (route.get().path().namesTenant()) {
        answers.add(
            call.refused(
                    "another tenant's assertion", signed(other(tenant), call, call.path(), now))
                .orHidden(!route.get().path().isOpen()));
      }
    }
    return List.copyOf(answers);
  }

  /// A call that has to pass: with a good assertion, for something that does not exist. Empty where
  /// no route can be asked for that.
  ///
  /// @throws IOException if the service does not answer
  public Optional<CanaryAnswer> welcome(TenantId tenant, URI base) throws IOException {
    Optional<HttpRoute> open = safe(tenant, base).filter(each -> each.path().isOpen()).findFirst();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (HttpClient client = client()) {
      CanaryCall call = call(client, tenant, base, open.get());
      int status = call.status(signed(tenant, call, call.path(), clock.instant()));
      CanaryVerdict verdict =
          isRefusal(status) ? CanaryVerdict.UNCLEAR : CanaryVerdict.AS_IT_SHOULD;
      return Optional.of(new CanaryAnswer("a good assertion", call.path(), status, verdict));
    }
  }

  private static boolean isRefusal(int status) {
    return status == UNAUTHORIZED || status == FORBIDDEN;
  }

  /// One call that can be made in several ways.
  private record CanaryCall(
      HttpClient client,
      URI base,
      Method method,
      String path,
      CanonicalQuery query,
      boolean bearer) {
    CanaryAnswer refused(String sent, Optional<String> assertion) throws IOException {
      int status = status(assertion);
      CanaryVerdict verdict =
          isRefusal(status)
              ? CanaryVerdict.AS_IT_SHOULD
              : status < OK_UNTIL ? CanaryVerdict.LET_IN : CanaryVerdict.UNCLEAR;
      return new CanaryAnswer(sent, path, status, verdict);
    }

    int status(Optional<String> assertion) throws IOException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(base.resolve(path + query)).timeout(WITHIN).GET();
      assertion.ifPresent(
          signed -> {
            request.header(Assertions.HEADER, signed);
            if (bearer) {
              request.header("Authorization", "Bearer " + signed);
            }
          });
      try {
        HttpResponse<InputStream> answer =
            client.send(request.build(), BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private CanaryCall call(HttpClient client, TenantId tenant, URI base, HttpRoute route) {
    String value = Optional.ofNullable(spec.tenants().get(tenant)).orElseThrow();
    return new CanaryCall(
        client,
        base,
        route.method(),
        route.path().example(value, NOBODY).toString(),
        CanonicalQuery.NONE.with(route.request().forcedFor(value)),
        rule.bearer());
  }

  /// What may be asked there without an effect. A WebSocket is no plain request.
  private Stream<HttpRoute> safe(TenantId tenant, URI base) {
    String value = Optional.ofNullable(spec.tenants().get(tenant)).orElseThrow();
    return spec.routes().routes().stream()
        .filter(each -> each.method() == Method.GET)
        .filter(each -> each.answer().form() != AnswerForm.WEBSOCKET)
        .filter(
            each ->
                spec.upstream()
                    .of(tenant, each.path().example(value, NOBODY))
                    .filter(base::equals)
                    .isPresent());
  }

  /// One that names the tenant, and has no places that take anything: rather than any other.
  private Optional<HttpRoute> refusingRoute(TenantId tenant, URI base) {
    return safe(tenant, base)
        .filter(each -> each.path().namesTenant() && !each.path().isOpen())
        .findFirst()
        .or(() -> safe(tenant, base).filter(each -> each.path().namesTenant()).findFirst())
        .or(() -> safe(tenant, base).findFirst());
  }

  private TenantId other(TenantId tenant) {
    return spec.tenants().keySet().stream()
        .filter(each -> !each.equals(tenant))
        .min(Comparator.comparing(TenantId::value))
        .orElseGet(() -> new TenantId(NOBODY));
  }

  private Optional<String> signed(TenantId tenant, CanaryCall call, String path, Instant from) {
    var caller =
        new AssertionClaims.AssertedCaller(
            new SubjectId(NOBODY), Optional.empty(), tenant, Level.METADATA, REQUEST, SESSION);
    var asserted = new AssertionClaims.AssertedCall(0, call.method().name(), path);
    Instant until = from.plus(Assertions.GOOD_FOR);
    return Optional.of(
        new AssertionClaims(gateway, rule.audience(), caller, asserted, from, until)
            .signedBy(keys.get()));
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .sslContext(trust)
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(WITHIN)
        .build();
  }
}
