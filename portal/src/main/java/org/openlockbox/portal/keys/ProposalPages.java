package org.openlockbox.portal.keys;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposal;
import org.openlockbox.server.proposal.ProposalSignatures;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.ProposalId;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// One proposal: what it would change, who has signed and who still has to; and, on the approve
/// origin, the signing of it. Whoever made the proposal, what counts is the signatures.
@Controller
public final class ProposalPages {
  private static final Duration MOMENT = Duration.ofMinutes(1);

  private final PortalEdge.Parts parts;
  private final Store store;
  private final RefusedSignatures refused;
  private final SigningTokens signingTokens;
  private final Proposals proposals;
  private final PolicyPreviews looks = new PolicyPreviews();

  public ProposalPages(
      PortalEdge.Parts parts,
      Store store,
      RefusedSignatures refused,
      SigningTokens signingTokens,
      Proposals proposals) {
    this.parts = parts;
    this.store = store;
    this.refused = refused;
    this.signingTokens = signingTokens;
    this.proposals = proposals;
  }

  /// Where a proposal is looked at and signed.
  public static String path(Proposal proposal) {
    return path(proposal.id());
  }

  private static String path(ProposalId id) {
    return "/proposals/" + id;
  }

  @GetMapping("/proposals/{p}")
  ResponseEntity<byte[]> show(Visitor visitor, @PathVariable String p) {
    var proposal = proposal(visitor.caller(), p);
    var frame = visitor.frame();
    var words = words(frame, proposal);
    var signing = proposals.signing(proposal);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("proposal", proposal);
    model.put("sentence", words.sentence());
    model.put("lines", words.lines());
    model.put("warnings", words.warnings());
    model.put("findings", words.findings());
    model.put("signing", signing);
    model.put("handover", handover(visitor, proposal, signing));
    model.put("wanted", proposal.isOpen() && !wanted(visitor, signing).isEmpty());
    model.put("completed", completed(visitor, proposal, signing));
    model.put("may", ProposalRights.may(visitor.caller(), proposal.change().change()));
    model.put("action", parts.sites().handTo("/sign/proposal"));
    model.put("policy", proposal.change().change() instanceof KeyringChange.Edit.ReplacePolicy);
    return parts.pages().page("keys/proposal", model);
  }

  /// Whether the change was made a moment ago, with a signature of this visitor.
  private static boolean completed(Visitor visitor, Proposal proposal, ProposalSignatures signing) {
    var me = visitor.person().subject();
    return proposal.state() == Proposal.ProposalState.MADE
        && proposal.since().isAfter(visitor.frame().now().minus(MOMENT))
        && (signing.people().contains(me)
            || signing.newKeys().stream().anyMatch(key -> key.approver().equals(me)));
  }

  private ProposalWords words(PageContext frame, Proposal proposal) {
    var change = proposal.change();
    var before = Proposals.basis(keyring(proposal.tenant()), change.prev());
    return new ProposalWords(
        frame, before, change, policy -> looks.of(proposal.id(), before, policy));
  }

  private Keyring keyring(TenantId tenant) {
    return store.tenants().keyring(tenant);
  }

  /// The proposal, for people of its tenant.
  private Proposal proposal(Caller caller, String id) {
    var tenant = caller.tenant().orElseThrow(Problem::notFound);
    return ProposalId.parse(id)
        .flatMap(known -> proposals.find(tenant, known))
        .orElseThrow(Problem::notFound);
  }

  private static List<ApproverKey> wanted(Visitor visitor, ProposalSignatures signing) {
    return signing.wanted(visitor.person().subject());
  }

  /// A token for the signing page, if one of this person's passkeys can help.
  private Optional<String> handover(
      Visitor visitor, Proposal proposal, ProposalSignatures signing) {
    return proposal.isOpen() && !passkeys(visitor.person().subject(), signing).isEmpty()
        ? Optional.of(
            signingTokens
                .issue(visitor.secret(), proposal.tenant(), new SigningIntent.Sign(proposal.id()))
                .forTheBrowser())
        : Optional.empty();
  }

  private Passkeys passkeys(SubjectId person, ProposalSignatures signing) {
    return Passkeys.of(
        signing.wanted(person).stream().map(ApproverKey::key).toList(), parts.sites().approve());
  }

  @PostMapping("/proposals/{p}/withdraw")
  ResponseEntity<byte[]> withdraw(Visitor visitor, @PathVariable String p) {
    var proposal = proposal(visitor.caller(), p);
    ProposalRights.need(visitor.caller(), proposal.change().change());
    proposals.withdraw(proposal.tenant(), proposal.id(), visitor.person().subject());
    return parts.done(path(proposal), "proposal.withdrawn");
  }

  @PostMapping("/sign/proposal")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var proposal = proposal(taken);
    var passkeys = passkeys(taken.person().subject(), proposals.signing(proposal));
    if (!proposal.isOpen() || passkeys.isEmpty()) {
      throw Problem.stale();
    }
    var draft = signingTokens.draft(token, proposal.unsigned()).orElseThrow(SigningForm::used);
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    var words = words(frame, proposal);
    var ceremony =
        Ceremony.of(
            parts.sites(),
            proposal.unsigned(),
            draft,
            passkeys,
            "/sign/proposal/send",
            path(proposal));
    return parts
        .pages()
        .page(
            "keys/sign",
            Map.<String, Object>of(
                "frame", frame,
                "title", words.title(),
                "sentence", words.sentence(),
                "lines", words.lines(),
                "warnings", words.warnings(),
                "findings", words.findings(),
                "ceremony", ceremony));
  }

  @PostMapping("/sign/proposal/send")
  ResponseEntity<byte[]> send(@RequestParam MultiValueMap<String, String> form) {
    var sending = SigningForm.sending(form, signingTokens, refused);
    var taken = sending.context();
    var proposal = proposal(taken);
    var passkeys = passkeys(taken.person().subject(), proposals.signing(proposal));
    refused.noting(
        proposal.tenant(),
        taken.person().subject(),
        proposal.id().value(),
        () ->
            proposals.sign(
                proposal.tenant(), proposal.id(), SigningForm.assertion(form, passkeys)));
    return Pages.seeOther(parts.sites().portal() + path(proposal));
  }

  private Proposal proposal(SigningTokens.SigningContext taken) {
    if (taken.intent() instanceof SigningIntent.Sign(var id)) {
      taken.person().caller().belongTo(taken.tenant());
      return proposals.find(taken.tenant(), id).orElseThrow(Problem::notFound);
    }
    throw SigningForm.used();
  }
}
