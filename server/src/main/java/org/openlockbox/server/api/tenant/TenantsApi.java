package org.openlockbox.server.api.tenant;

import java.time.ZoneOffset;
import java.util.List;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Idempotency;
import org.openlockbox.server.api.SignedCalls;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants;
import org.openlockbox.server.tenant.Tenants.Tenant;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tenants and their keyrings. An operator makes the row; only the signatures in the genesis make
/// the tenant, and only a quorum's signatures change its keys.
@RestController
public final class TenantsApi {
  private final Store store;
  private final Visibility visibility;
  private final Idempotency idempotency;
  private final SignedCalls calls;
  private final Tenants tenants;
  private final WaitingTenants waiting;
  private final Contacts contacts;
  private final KeyringChanges changes;

  public TenantsApi(
      Store store,
      Visibility visibility,
      Idempotency idempotency,
      SignedCalls calls,
      WaitingTenants waiting,
      Contacts contacts,
      KeyringChanges changes) {
    this.store = store;
    this.visibility = visibility;
    this.idempotency = idempotency;
    this.calls = calls;
    this.tenants = store.tenants();
    this.waiting = waiting;
    this.contacts = contacts;
    this.changes = changes;
  }

  @GetMapping("/v1/tenants")
  ResponseEntity<byte[]> list(ApiCall call) {
    var caller = call.caller();
    var visible =
        tenants.all().stream()
            .filter(tenant -> caller.belongsTo(tenant.id()) || Visibility.seesTenants(caller))
            .map(this::shown)
            .toList();
    return ApiReply.ok(Json.object().put("tenants", visible).build()).send();
  }

  @GetMapping("/v1/tenants/{t}")
  ResponseEntity<byte[]> show(ApiCall call, @PathVariable String t) {
    return ApiReply.ok(shown(visibility.tenant(call.caller(), t))).send();
  }

  @PostMapping("/v1/tenants:prepare")
  ResponseEntity<byte[]> prepare(ApiCall call) {
    call.caller().need(Role.OPERATOR, "found tenants");
    var body = call.fields("tenant to prepare");
    var id = body.value("tenant", TenantId::new);
    var name = body.text("name");
    body.done();
    return ApiReply.ok(
            Json.object()
                .put("tenant", id.value())
                .put("name", name)
                .put("origin", tenants.origin(id).value())
                .putTexts("logKeys", tenants.logKeys(id).vkeys())
                .put("slot", tenants.nextSlot())
                .put("gatewayAuthority", tenants.gatewayAuthority().toJson())
                .build())
        .send();
  }

  @PostMapping("/v1/tenants")
  ResponseEntity<byte[]> found(ApiCall call) {
    call.caller().need(Role.OPERATOR, "found tenants");
    return idempotency
        .once(
            call,
            "",
            () -> {
              var body = call.fields("tenant");
              var id = body.value("id", TenantId::new);
              var name = body.text("name");
              var notify = body.optionalTexts("notify").orElse(List.of());
              var genesis = body.object("genesis");
              var envelope = Envelope.parse(genesis.object("envelope"));
              genesis.done();
              body.done();
              waiting.needNone(id);
              var founded = tenants.found(id, name, envelope);
              contacts.begin(id, contacts(notify));
              return ApiReply.created(shown(founded));
            })
        .send();
  }

  private static List<Contact> contacts(List<String> addresses) {
    try {
      return addresses.stream()
          .distinct()
          .map(address -> Contact.usual(address, Audience.APPROVERS, ZoneOffset.UTC))
          .toList();
    } catch (IllegalArgumentException e) {
      throw Problem.malformed(String.valueOf(e.getMessage()));
    }
  }

  @PostMapping({"/v1/tenants/{t}/keys", "/v1/tenants/{t}/settings", "/v1/tenants/{t}/policy"})
  ResponseEntity<byte[]> change(ApiCall call, @PathVariable String t) {
    call.caller().need(Role.APPROVER, "change approver keys");
    var tenant = visibility.tenant(call.caller(), t);
    return calls
        .once(
            call,
            tenant.id(),
            "keyring",
            () -> {
              var body = call.fields("keyring change");
              var envelope = Envelope.parse(body.object("envelope"));
              body.done();
              changes.make(tenant.id(), envelope);
              var answer = builder(tenant);
              if (isUnsigned(tenant.id())) {
                answer.put("checkpointFollows", true);
              }
              return ApiReply.ok(answer.build());
            })
        .send();
  }

  @GetMapping("/v1/tenants/{t}/keyring")
  ResponseEntity<byte[]> keyring(ApiCall call, @PathVariable String t) {
    var tenant = visibility.tenant(call.caller(), t);
    var entries = tenants.keyringEntries(tenant.id());
    return ApiReply.ok(
            Json.object()
                .put("prev", tenants.keyring(tenant.id()).last())
                .put("entries", entries.stream().map(StoredEntry::toJson).toList())
                .build())
        .send();
  }

  /// Whether no checkpoint covers the keyring's newest entry: it took effect while this server
  /// cannot sign.
  private boolean isUnsigned(TenantId tenant) {
    long newest = tenants.keyringEntries(tenant).getLast().seq();
    return store.reader().checkpoint(tenant).filter(signed -> signed.size() > newest).isEmpty();
  }

  private Json.Object shown(Tenant tenant) {
    return builder(tenant).build();
  }

  private JsonObjectBuilder builder(Tenant tenant) {
    var keyring = tenants.keyring(tenant.id());
    return Json.object()
        .put("id", tenant.id().value())
        .put("name", tenant.name())
        .put("pin", tenant.pin())
        .put("origin", tenant.origin().value())
        .putTexts("logKeys", keyring.checkpointKeys().newest().vkeys())
        .put("quorum", keyring.quorum())
        .put("keys", keyring.keys().stream().map(TenantsApi::shown).toList())
        .put("settings", keyring.settings().toJson())
        .put("policy", keyring.policy().toJson())
        .put("policySince", keyring.policySince())
        .put("size", store.reader().size(tenant.id()));
  }

  private static Json.Object shown(ApproverKey key) {
    return Json.object()
        .put("approver", key.approver().value())
        .put("name", key.name())
        .put("keyId", key.key().keyId().hex())
        .put("scheme", key.key().scheme().word())
        .put("spki", key.key().spki())
        .build();
  }
}
