package org.openlockbox.server.api.tenant;

import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.SignedCalls;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposal;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.ProposalId;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Proposed changes of a tenant's keyring, for those who sign them with a key file: to read, and to
/// sign.
@RestController
public final class ProposalsApi {
  private final Visibility visibility;
  private final SignedCalls calls;
  private final Proposals proposals;

  public ProposalsApi(Visibility visibility, SignedCalls calls, Proposals proposals) {
    this.visibility = visibility;
    this.calls = calls;
    this.proposals = proposals;
  }

  @GetMapping("/v1/tenants/{t}/proposals/{p}")
  ResponseEntity<byte[]> show(ApiCall call, @PathVariable String t, @PathVariable String p) {
    var tenant = visibility.log(call.caller(), t).id();
    return ApiReply.ok(shown(proposal(tenant, p))).send();
  }

  /// Takes the signatures that the envelope holds, in its order: all of them, or none.
  @PostMapping("/v1/tenants/{t}/proposals/{p}:sign")
  ResponseEntity<byte[]> sign(ApiCall call, @PathVariable String t, @PathVariable String p) {
    call.caller().need(Role.APPROVER, "sign proposals");
    var tenant = visibility.log(call.caller(), t).id();
    var id = proposal(tenant, p).id();
    return calls
        .once(
            call,
            tenant,
            id.value(),
            () -> {
              var body = call.fields("signed proposal");
              var envelope = Envelope.parse(body.object("envelope"));
              body.done();
              var proposal = proposals.find(tenant, id).orElseThrow(Problem::notFound);
              if (!envelope.pae().equals(proposal.envelope().pae())) {
                throw Problem.refused("signature", "something else was signed");
              }
              for (var signature : envelope.signatures()) {
                proposal = proposals.sign(tenant, proposal.id(), signature);
              }
              return ApiReply.ok(shown(proposal));
            })
        .send();
  }

  private Proposal proposal(TenantId tenant, String id) {
    return ProposalId.parse(id)
        .flatMap(known -> proposals.find(tenant, known))
        .orElseThrow(Problem::notFound);
  }

  private Json.Object shown(Proposal proposal) {
    var signing = proposals.signing(proposal);
    return Json.object()
        .put("id", proposal.id().value())
        .put("state", proposal.state().word())
        .put("by", proposal.by().value())
        .put("createdAt", proposal.createdAt())
        .put("payloadType", proposal.envelope().payloadType())
        .put("payload", proposal.envelope().payload())
        .put("quorum", signing.quorum())
        .putTexts("signedBy", signing.people().stream().map(Object::toString).sorted().toList())
        .putTexts(
            "keysToSign", signing.missing().stream().map(key -> key.key().keyId().hex()).toList())
        .build();
  }
}
