package org.openlockbox.server.api.gateway;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.ConnectStatements;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Paths;
import org.openlockbox.server.api.request.RequestView;
import org.openlockbox.server.epoch.WitnessViews;
import org.openlockbox.server.gateway.BudgetClaims;
import org.openlockbox.server.gateway.GatewayAppends;
import org.openlockbox.server.gateway.HistoryAlarms;
import org.openlockbox.server.gateway.Leases;
import org.openlockbox.server.gateway.SubmittedEntry;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The gateways' door. A gateway pulls what it checks by itself and appends what it recorded; its
/// token must name the very gateway it speaks for, its first question for a lease shows a
/// certificate of the gateway authority, and with TLS client authorities configured it must show a
/// certificate as well.
@RestController
public final class GatewayApi {
  private static final Pattern BOOT = Pattern.compile("[0-9a-f]{16}");
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private final Histories histories;
  private final RequestView requests;
  private final InstantSource clock;
  private final Leases leases;
  private final GatewayAppends appending;
  private final BudgetClaims claims;
  private final ConnectStatements connecting;
  private final WitnessViews views;
  private final HistoryAlarms alarms;
  private final boolean mutual;

  /// @param mutual whether gateways show a certificate
  public GatewayApi(
      Histories histories,
      RequestView requests,
      InstantSource clock,
      Leases leases,
      GatewayAppends appending,
      BudgetClaims claims,
      ConnectStatements connecting,
      WitnessViews views,
      HistoryAlarms alarms,
      boolean mutual) {
    this.histories = histories;
    this.requests = requests;
    this.clock = clock;
    this.leases = leases;
    this.appending = appending;
    this.claims = claims;
    this.connecting = connecting;
    this.views = views;
    this.alarms = alarms;
    this.mutual = mutual;
  }

  @PostMapping("/gateway/v1/lease")
  ResponseEntity<byte[]> lease(ApiCall call, HttpServletRequest http) {
    var question = leases.question();
    var body = call.fields("lease");
    var gateway = gateway(call, http, body);
    var boot = boot(body);
    var watch = new HashMap<TenantId, Long>();
    for (var seen : body.objects("watch")) {
      watch.put(seen.value("tenant", TenantId::new), seen.number("size"));
      seen.done();
    }
    var seen = body.optionalNumber("news");
    var certificate = body.optionalObject("certificate").map(ShownCertificate::parse);
    var agent = GatewayAgent.of(Optional.ofNullable(http.getHeader(GatewayAgent.HEADER)));
    body.done();
    long news = leases.awaitNews(seen);
    var now = clock.instant();
    var tenants =
        leases.renew(question, gateway, boot, certificate, agent, watch).stream()
            .map(GatewayApi::shown)
            .toList();
    return ApiReply.ok(
            Json.object()
                .put("leaseMs", Leases.LEASE.toMillis())
                .put("news", news)
                .put("now", now.toEpochMilli())
                .put("tenants", tenants)
                .build())
        .send();
  }

  private static Json.Object shown(Leases.Changes changes) {
    return Json.object()
        .put("tenant", changes.tenant().value())
        .put("size", changes.size())
        .putTexts("ended", changes.ended())
        .putTexts("stopSessions", changes.stop())
        .build();
  }

  @GetMapping("/gateway/v1/connects/{user}")
  ResponseEntity<byte[]> connect(ApiCall call, HttpServletRequest http, @PathVariable String user) {
    need(call, http);
    return ApiReply.ok(shown(connecting.fetch(user).orElseThrow(Problem::notFound))).send();
  }

  @GetMapping("/gateway/v1/tenants/{t}/resources/{resource}/connects")
  ResponseEntity<byte[]> connects(
      ApiCall call,
      HttpServletRequest http,
      @PathVariable String t,
      @PathVariable String resource) {
    need(call, http);
    var fetched =
        connecting.fetchAll(Paths.tenant(t), Paths.resource(resource)).stream()
            .map(GatewayApi::shown)
            .toList();
    return ApiReply.ok(Json.object().put("connects", fetched).build()).send();
  }

  private static Json.Object shown(ConnectStatements.FetchedStatement fetched) {
    return Json.object()
        .put("tenant", fetched.tenant().value())
        .put("request", fetched.request().value())
        .put("envelope", fetched.envelope().toJson())
        .build();
  }

  @GetMapping("/gateway/v1/tenants/{t}/requests/{r}/history")
  ResponseEntity<byte[]> history(
      ApiCall call,
      HttpServletRequest http,
      @PathVariable String t,
      @PathVariable String r,
      @RequestParam Optional<Long> from) {
    need(call, http);
    if (from.filter(size -> size < 0).isPresent()) {
      throw Problem.malformed("a log has no size below 0");
    }
    var shown = histories.of(Paths.tenant(t), Paths.request(r));
    return ApiReply.ok(
            from.map(shown::toJson)
                .orElseGet(shown::toJson)
                .put("statements", requests.statements(Paths.tenant(t), shown))
                .build())
        .send();
  }

  /// What the witnesses that the tenant demands have cosigned, with proofs from what the gateway
  /// knows.
  @GetMapping("/gateway/v1/tenants/{t}/witnessed")
  ResponseEntity<byte[]> witnessed(
      ApiCall call,
      HttpServletRequest http,
      @PathVariable String t,
      @RequestParam Optional<Long> size,
      @RequestParam Optional<Long> epochs) {
    need(call, http);
    var known = known("size", size);
    return ApiReply.ok(views.of(Paths.tenant(t), known, known("epochs", epochs)).toJson()).send();
  }

  private static long known(String name, Optional<Long> size) {
    return size.orElseThrow(
        () -> Problem.malformed("'%s' is missing: what is known of it already".formatted(name)));
  }

  @PostMapping("/gateway/v1/append")
  ResponseEntity<byte[]> append(ApiCall call, HttpServletRequest http) {
    var body = call.fields("append");
    var gateway = gateway(call, http, body);
    var boot = boot(body);
    var entries = body.objects("entries").stream().map(SubmittedEntry::parse).toList();
    body.done();
    var results =
        appending.append(gateway, boot, entries).stream()
            .map(seq -> Json.object().put("seq", seq).build())
            .toList();
    return ApiReply.ok(Json.object().put("results", results).build()).send();
  }

  @PostMapping("/gateway/v1/claims")
  ResponseEntity<byte[]> claim(ApiCall call, HttpServletRequest http) {
    var body = call.fields("claim");
    var gateway = gateway(call, http, body);
    var boot = boot(body);
    var wish =
        new BudgetClaims.BudgetClaim(
            body.value("tenant", TenantId::new),
            body.value("request", RequestId::new),
            new Amount(count(body, "rows"), count(body, "bytes")));
    body.done();
    var claimed = claims.claim(gateway, boot, wish);
    return ApiReply.ok(
            Json.object().put("rows", claimed.rows()).put("bytes", claimed.bytes()).build())
        .send();
  }

  /// A gateway refused a history: its tenant has to be told.
  @PostMapping("/gateway/v1/alarms")
  ResponseEntity<byte[]> alarm(ApiCall call, HttpServletRequest http) {
    var body = call.fields("alarm");
    var gateway = gateway(call, http, body);
    var tenant = body.value("tenant", TenantId::new);
    var request = body.value("request", RequestId::new);
    var problem = body.text("problem");
    body.done();
    alarms.raise(gateway, tenant, request, problem);
    return ApiReply.ok(Json.object().build()).send();
  }

  private static long count(Fields body, String name) {
    long count = body.number(name);
    if (count < 0) {
      throw Problem.malformed("'%s' is 0 or more".formatted(name));
    }
    return count;
  }

  private void need(ApiCall call, HttpServletRequest http) {
    call.caller().need(Role.GATEWAY, "use the gateways' door");
    if (mutual && http.getAttribute(CERTIFICATES) == null) {
      throw Problem.roleCannot("a gateway shows a client certificate");
    }
  }

  private GatewayId gateway(ApiCall call, HttpServletRequest http, Fields body) {
    need(call, http);
    var gateway = body.value("gateway", GatewayId::new);
    if (!call.caller().subject().value().equals(gateway.value())) {
      throw Problem.roleCannot("this token is another gateway's");
    }
    return gateway;
  }

  private static String boot(Fields body) {
    var boot = body.text("boot");
    if (!BOOT.matcher(boot).matches()) {
      throw Problem.malformed("a boot is 16 lower-case hexadecimal digits");
    }
    return boot;
  }
}
