package org.openlockbox.server.api.tenant;

import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.SignedCalls;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.policy.PolicyDrafts;
import org.openlockbox.server.policy.SignedTickets;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// The tenant's policy, for the tenant's own people: what is in force, what a draft would change,
/// and tickets that are signed for. A policy is changed with the other keyring changes.
@RestController
public final class PolicyApi {
  private final Store store;
  private final Visibility visibility;
  private final SignedCalls calls;
  private final PolicyDrafts drafts;
  private final SignedTickets tickets;
  private final PolicyText text = new PolicyText(new CelConditions());

  public PolicyApi(
      Store store,
      Visibility visibility,
      SignedCalls calls,
      PolicyDrafts drafts,
      SignedTickets tickets) {
    this.store = store;
    this.visibility = visibility;
    this.calls = calls;
    this.drafts = drafts;
    this.tickets = tickets;
  }

  @GetMapping("/v1/tenants/{t}/policy")
  ResponseEntity<byte[]> show(ApiCall call, @PathVariable String t) {
    var tenant = visibility.log(call.caller(), t);
    var keyring = store.tenants().keyring(tenant.id());
    return ApiReply.ok(PolicyView.of(keyring.policy(), keyring.policySince())).send();
  }

  /// Reads a draft, in YAML or JSON, and says what it would do; stores nothing.
  @PostMapping("/v1/tenants/{t}/policy:draft")
  ResponseEntity<byte[]> draft(ApiCall call, @PathVariable String t) {
    call.caller().need(Role.APPROVER, "draft policies");
    var tenant = visibility.log(call.caller(), t);
    var body = call.fields("policy draft");
    var written = body.multiline("text");
    body.done();
    var json =
        switch (text.read(written)) {
          case PolicyText.Read.Bad(var problems) -> PolicyView.of(problems);
          case PolicyText.Read.Good(var policy) -> PolicyView.of(drafts.look(tenant.id(), policy));
        };
    return ApiReply.ok(json).send();
  }

  @PostMapping("/v1/tenants/{t}/tickets")
  ResponseEntity<byte[]> ticket(ApiCall call, @PathVariable String t) {
    call.caller().need(Role.APPROVER, "sign for tickets");
    var tenant = visibility.log(call.caller(), t).id();
    return calls
        .once(
            call,
            tenant,
            "ticket",
            () -> {
              var body = call.fields("ticket");
              var event = TicketEvent.of(Envelope.parse(body.object("envelope")));
              body.done();
              var entry = tickets.take(tenant, event);
              return ApiReply.created(
                  Json.object()
                      .put("ticket", event.claimed().ticket())
                      .put("by", event.claimed().by().value())
                      .put("notAfter", event.claimed().notAfter())
                      .put("index", entry.seq())
                      .build());
            })
        .send();
  }
}
