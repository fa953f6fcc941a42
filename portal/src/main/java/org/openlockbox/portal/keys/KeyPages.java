package org.openlockbox.portal.keys;

import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// A tenant's keys: those in its log, those that were made and do not count yet, and the way to
/// propose one more or one less, which says what it means for the quorum before anybody signs.
@Controller
public final class KeyPages {
  /// How many refused signatures are shown.
  private static final int REFUSED = 20;

  private final PortalEdge.Parts parts;
  private final Store store;
  private final RefusedSignatures refused;
  private final SigningTokens signingTokens;
  private final Proposals proposals;
  private final KnownKeys known;
  private final EnrolledKeys enrolled;

  public KeyPages(
      PortalEdge.Parts parts,
      Store store,
      RefusedSignatures refused,
      SigningTokens signingTokens,
      Proposals proposals,
      KnownKeys known,
      EnrolledKeys enrolled) {
    this.parts = parts;
    this.store = store;
    this.refused = refused;
    this.signingTokens = signingTokens;
    this.proposals = proposals;
    this.known = known;
    this.enrolled = enrolled;
  }

  @GetMapping("/keys")
  ResponseEntity<byte[]> keys(Visitor visitor) {
    var tenant = KnownKeys.tenant(visitor);
    if (!known.isFounded(tenant)) {
      return Pages.seeOther(FoundingPages.PATH);
    }
    var frame = visitor.frame();
    var keyring = store.tenants().keyring(tenant);
    var quorum = new QuorumWords(frame, keyring.approvers().size(), keyring.quorum());
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("quorum", quorum.state());
    model.put("warnings", quorum.warnings());
    model.put("keys", CountingKey.of(frame, store, keyring, keyring.keys()));
    model.put("pin", keyring.pin().hex());
    model.put("authority", followingAuthority(visitor, keyring));
    model.put("open", PendingProposal.of(visitor, tenant, keyring, proposals));
    model.put(
        "enrolling", PendingPasskeys.of(known, signingTokens, parts.sites(), visitor, tenant));
    model.put("others", others(visitor, tenant));
    model.put("refused", RefusedLine.of(frame, refused.newest(tenant, REFUSED)));
    return parts.pages().page("keys/keys", model);
  }

  /// The gateway authority that is to follow, while the tenant can object.
  private Optional<GatewayTrust.NextAuthority> followingAuthority(
      Visitor visitor, Keyring keyring) {
    var now = visitor.frame().now();
    return keyring.gateways().next().filter(next -> now.isBefore(next.takesEffect()));
  }

  /// Proposes the objection, for a quorum to sign.
  @PostMapping("/keys/authority/object")
  ResponseEntity<byte[]> object(Visitor visitor) {
    var tenant = KnownKeys.tenant(visitor);
    var keyring = store.tenants().keyring(tenant);
    var next = followingAuthority(visitor, keyring).orElseThrow(Problem::stale);
    var change = new KeyringChange.Edit.ObjectToAuthority(next.entry());
    ProposalRights.need(visitor.caller(), change);
    var by = visitor.person().subject();
    var opened = proposals.open(tenant, by, change, keyring.quorum());
    return parts.done(ProposalPages.path(opened), "proposal.made");
  }

  /// What others have made and what does not count yet, for those who may propose it.
  private List<KeyLine> others(Visitor visitor, TenantId tenant) {
    return known.waitingKeys(tenant).stream()
        .filter(one -> !one.key().approver().equals(visitor.person().subject()))
        .map(one -> KeyLine.of(visitor.frame(), one))
        .toList();
  }

  @GetMapping("/keys/{k}")
  ResponseEntity<byte[]> key(Visitor visitor, @PathVariable String k) {
    var tenant = KnownKeys.tenant(visitor);
    var choice = KeyChoice.of(known, tenant, KnownKeys.keyId(k));
    var frame = visitor.frame();
    var change = choice.change(choice.suggested());
    var words = new ProposalWords(frame, choice.keyring(), change);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("choice", choice);
    model.put("line", KeyLine.of(frame, choice.key()));
    model.put("own", choice.key().approver().equals(visitor.person().subject()));
    model.put("may", ProposalRights.may(visitor.caller(), change.change()));
    model.put("sentence", words.sentence());
    model.put("lines", words.lines());
    model.put("warnings", choice.isPossible() ? words.warnings() : List.of());
    model.put("state", choice.words(frame).state());
    return parts.pages().page("keys/key", model);
  }

  @PostMapping("/keys/{k}")
  ResponseEntity<byte[]> propose(
      Visitor visitor,
      @PathVariable String k,
      @RequestParam("do") String what,
      @RequestParam(defaultValue = "0") int quorum) {
    var tenant = KnownKeys.tenant(visitor);
    var choice = KeyChoice.of(known, tenant, KnownKeys.keyId(k));
    if (!choice.verb().equals(what)) {
      throw Problem.stale();
    }
    var change = choice.change(quorum).change();
    ProposalRights.need(visitor.caller(), change);
    var by = visitor.person().subject();
    var opened = proposals.open(tenant, by, change, quorum);
    return parts.done(ProposalPages.path(opened), "proposal.made");
  }

  @PostMapping("/keys/{k}/forget")
  ResponseEntity<byte[]> forget(Visitor visitor, @PathVariable String k) {
    KeyId id = KnownKeys.keyId(k);
    if (!enrolled.forget(KnownKeys.tenant(visitor), visitor.person().subject(), id)) {
      throw Problem.notFound();
    }
    return parts.done("/keys", "key.forgotten");
  }
}
