package org.openlockbox.portal.keys;

import java.util.List;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.server.proposal.Proposal;
import org.openlockbox.server.proposal.Proposals;

/// A proposal that waits for signatures, in a list: what it changes in one sentence, and whether a
/// key of who reads the list can help.
public record PendingProposal(String href, String sentence, Proposal proposal, boolean wanted) {
  /// All that wait in the visitor's tenant, whose keyring this is.
  public static List<PendingProposal> of(
      Visitor visitor, TenantId tenant, Keyring keyring, Proposals proposals) {
    return proposals.open(tenant).stream()
        .map(
            proposal ->
                new PendingProposal(
                    ProposalPages.path(proposal),
                    sentence(visitor.frame(), proposal, keyring),
                    proposal,
                    !proposals.signing(proposal).wanted(visitor.person().subject()).isEmpty()))
        .toList();
  }

  private static String sentence(PageContext frame, Proposal proposal, Keyring keyring) {
    var change = proposal.change();
    var words = new ProposalWords(frame, Proposals.basis(keyring, change.prev()), change);
    return SentencePart.plain(words.sentence());
  }
}
