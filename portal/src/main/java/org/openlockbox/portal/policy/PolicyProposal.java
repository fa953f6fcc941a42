package org.openlockbox.portal.policy;

import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.ProposalPages;
import org.openlockbox.portal.keys.ProposalRights;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposals;
import org.springframework.http.ResponseEntity;

/// How the pages of policies propose one: to follow the very keyring that its author saw. Whatever
/// is signed in between makes this fail, so nobody's change is undone unseen.
final class PolicyProposal {
  private PolicyProposal() {}

  static TenantId tenant(Visitor visitor) {
    return visitor.caller().tenant().orElseThrow(Problem::notFound);
  }

  /// Opens it, and goes on to where it is signed.
  static ResponseEntity<byte[]> open(
      PortalEdge.Parts parts,
      Proposals proposals,
      Visitor visitor,
      Keyring keyring,
      Policy policy) {
    var rule = new KeyringChange.Edit.ReplacePolicy(policy);
    ProposalRights.need(visitor.caller(), rule);
    var change =
        new KeyringChange(
            tenant(visitor), keyring.genesis().origin(), keyring.last(), keyring.quorum(), rule);
    var proposal =
        proposals.open(
            tenant(visitor),
            visitor.person().subject(),
            Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson()));
    return parts.done(ProposalPages.path(proposal), "proposal.made");
  }
}
