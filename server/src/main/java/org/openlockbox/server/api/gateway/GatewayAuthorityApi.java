package org.openlockbox.server.api.gateway;

import java.time.InstantSource;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.gateway.GatewayHealth;
import org.openlockbox.server.gateway.Leases;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// What operators bring that the gateway authority signed, and the gateways that there are.
@RestController
public final class GatewayAuthorityApi {
  private final Store store;
  private final Leases leases;

  private final InstantSource clock;

  public GatewayAuthorityApi(Store store, Leases leases, InstantSource clock) {
    this.store = store;
    this.leases = leases;
    this.clock = clock;
  }

  /// Takes a revocation of a gateway's key, or a change of the authority. `recorded` is false if
  /// the key was revoked before.
  @PostMapping("/v1/gateways:signed")
  ResponseEntity<byte[]> take(ApiCall call) {
    call.caller().need(Role.OPERATOR, "bring what the gateway authority signed");
    var body = call.fields("signed");
    var envelope = Envelope.parse(body.object("envelope"));
    body.done();
    boolean isNew = leases.take(envelope);
    return ApiReply.ok(Json.object().put("recorded", isNew).build()).send();
  }

  @GetMapping("/v1/gateways")
  ResponseEntity<byte[]> list(ApiCall call) {
    call.caller().need(Role.OPERATOR, "see the gateways");
    var gateways = GatewayHealth.of(store.jdbc()).stream().map(this::shown).toList();
    return ApiReply.ok(Json.object().put("gateways", gateways).build()).send();
  }

  private Json.Object shown(GatewayHealth gateway) {
    var certificate = gateway.certificate();
    var json =
        Json.object()
            .put("gateway", gateway.gateway())
            .put("state", gateway.state(clock.instant()))
            .put("key", certificate.key().keyId().hex())
            .putTexts("keys", gateway.keys().stream().map(KeyId::hex).toList())
            .put("logHost", certificate.logHost().value())
            .put("notAfter", certificate.validity().notAfter())
            .putTexts("resources", certificate.resources().stream().map(ResourceId::value).toList())
            .put("sessions", gateway.sessions());
    gateway.agent().ifPresent(agent -> json.put("version", agent.version()));
    gateway
        .agent()
        .flatMap(GatewayAgent::region)
        .ifPresent(region -> json.put("region", region.value()));
    return json.build();
  }
}
