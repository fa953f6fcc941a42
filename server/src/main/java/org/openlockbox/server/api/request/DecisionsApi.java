package org.openlockbox.server.api.request;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.access.ConnectStatements;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Idempotency;
import org.openlockbox.server.api.SignedCalls;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Everything that moves a request: decisions and revocations of the tenant, the engineer's own
/// steps, the provider's review, and the statement with which an engineer connects.
@RestController
public final class DecisionsApi {
  private final Histories histories;
  private final Visibility visibility;
  private final RequestView views;
  private final Idempotency idempotency;
  private final SignedCalls calls;
  private final RequestSteps steps;
  private final ConnectStatements connecting;
  private final ConnectionView connections;

  public DecisionsApi(
      Histories histories,
      Visibility visibility,
      RequestView views,
      Idempotency idempotency,
      SignedCalls calls,
      RequestSteps steps,
      ConnectStatements connecting,
      ConnectionView connections) {
    this.histories = histories;
    this.visibility = visibility;
    this.views = views;
    this.idempotency = idempotency;
    this.calls = calls;
    this.steps = steps;
    this.connecting = connecting;
    this.connections = connections;
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}:approve", "/v1/requests/{r}:approve"})
  ResponseEntity<byte[]> approve(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    return decide(call, t, r, true);
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}:deny", "/v1/requests/{r}:deny"})
  ResponseEntity<byte[]> deny(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    return decide(call, t, r, false);
  }

  private ResponseEntity<byte[]> decide(
      ApiCall call, @Nullable String t, String r, boolean approves) {
    call.caller().need(Role.APPROVER, approves ? "approve" : "deny");
    var stored = visibility.request(call.caller(), t, r);
    if (approves && call.ifMatch().isEmpty()) {
      throw Problem.preconditionMissing();
    }
    return taken(call, stored, () -> decided(call, stored, approves));
  }

  private static RequestEvent decided(ApiCall call, StoredRequest stored, boolean approves) {
    var event = RequestEvent.Decided.of(envelope(call, stored));
    if (event.claimed().approves() != approves) {
      throw Problem.refused("decision", "the envelope holds the other decision");
    }
    return event;
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}:revoke", "/v1/requests/{r}:revoke"})
  ResponseEntity<byte[]> revoke(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    call.caller().need(Role.APPROVER, "revoke");
    var stored = visibility.request(call.caller(), t, r);
    if (call.fields("revocation").has("envelope")) {
      return taken(call, stored, () -> RequestEvent.Revoked.of(envelope(call, stored)));
    }
    call.nothingSent("revocation");
    var stop =
        new RequestEvent.Ended(
            stored.id(), RequestEvent.EndCause.STOPPED, call.caller().subject(), "");
    return take(call, stored, stop, true);
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}:withdraw", "/v1/requests/{r}:withdraw"})
  ResponseEntity<byte[]> withdraw(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    var stored = own(call, t, r, "withdraw a request");
    call.nothingSent("withdrawal");
    return take(
        call, stored, new RequestEvent.Withdrawn(stored.id(), call.caller().subject()), false);
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}:complete", "/v1/requests/{r}:complete"})
  ResponseEntity<byte[]> complete(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    var stored = own(call, t, r, "complete a request");
    var body = call.fields("completion");
    var comment = body.optionalMultiline("comment").orElse("");
    body.done();
    var end =
        new RequestEvent.Ended(
            stored.id(), RequestEvent.EndCause.COMPLETED, call.caller().subject(), comment);
    return take(call, stored, end, false);
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}:review", "/v1/requests/{r}:review"})
  ResponseEntity<byte[]> review(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    call.caller().need(Role.REVIEWER, "review");
    var stored = visibility.request(call.caller(), t, r);
    var body = call.fields("review");
    var event =
        new RequestEvent.Reviewed(
            stored.id(),
            call.caller().subject(),
            body.value("verdict", RequestEvent.ReviewVerdict::parse),
            body.optionalMultiline("comment").orElse(""));
    body.done();
    return take(call, stored, event, false);
  }

  @PostMapping({"/v1/tenants/{t}/requests/{r}/connects", "/v1/requests/{r}/connects"})
  ResponseEntity<byte[]> connect(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    var stored = own(call, t, r, "connect");
    return idempotency
        .once(
            call,
            stored.tenant().value(),
            () -> {
              var body = call.fields("connect");
              var envelope = Envelope.parse(body.object("envelope"));
              var region = body.optionalValue("region", Region::new);
              body.done();
              var gateway = connections.gateway(stored, region);
              return ApiReply.created(gateway.answer(connecting.connect(stored, envelope)));
            })
        .send();
  }

  private StoredRequest own(ApiCall call, @Nullable String t, String r, String what) {
    call.caller().need(Role.ENGINEER, what);
    var stored = visibility.request(call.caller(), t, r);
    if (!Visibility.owns(call.caller(), stored)) {
      throw Problem.notFound();
    }
    return stored;
  }

  private static Envelope envelope(ApiCall call, StoredRequest stored) {
    var body = call.fields("body for " + stored.id());
    var envelope = Envelope.parse(body.object("envelope"));
    body.done();
    return envelope;
  }

  /// Takes what an approver signed.
  private ResponseEntity<byte[]> taken(
      ApiCall call, StoredRequest stored, Supplier<RequestEvent> signed) {
    return calls
        .once(
            call,
            stored.tenant(),
            stored.id().value(),
            () ->
                reply(
                    steps.take(stored.tenant(), about(stored, signed.get()), call.ifMatch()), true))
        .send();
  }

  private static RequestEvent about(StoredRequest stored, RequestEvent signed) {
    if (!signed.about().equals(stored.id())) {
      throw Problem.refused("signature", "it is about another request");
    }
    return signed;
  }

  private ResponseEntity<byte[]> take(
      ApiCall call, StoredRequest stored, RequestEvent event, boolean withProof) {
    return idempotency
        .once(
            call,
            stored.tenant().value(),
            () -> reply(steps.take(stored.tenant(), event, call.ifMatch()), withProof))
        .send();
  }

  private ApiReply reply(RequestSteps.StepResult taken, boolean withProof) {
    var json = views.builder(taken.stored());
    if (withProof) {
      var proof = histories.proof(taken.stored().tenant(), taken.index());
      proof.ifPresentOrElse(
          signed -> json.put("proof", signed), () -> json.put("checkpointFollows", true));
    }
    return ApiReply.ok(json.build()).tagged(taken.stored().etag());
  }
}
