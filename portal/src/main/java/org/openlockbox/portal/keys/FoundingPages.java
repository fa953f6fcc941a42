package org.openlockbox.portal.keys;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.enrolment.EnrolledKey;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Foundings;
import org.openlockbox.server.proposal.Proposal;
import org.openlockbox.server.tenant.ProposalId;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// How a tenant begins: its people make passkeys, an administrator drafts whose keys count and how
/// many have to agree, each key signs that on the approve origin, and the last signature founds the
/// tenant. Afterwards the page shows the pin, which the tenant keeps.
@Controller
public final class FoundingPages {
  static final String PATH = "/founding";
  private static final String SIGNING = "#sign";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final SigningTokens signingTokens;
  private final Foundings foundings;
  private final KnownKeys known;
  private final EnrolledKeys enrolled;
  private final Invitations invitations;
  private final People people;

  public FoundingPages(
      PortalEdge.Parts parts,
      Store store,
      SigningTokens signingTokens,
      Foundings foundings,
      KnownKeys known,
      EnrolledKeys enrolled,
      Invitations invitations,
      People people) {
    this.parts = parts;
    this.store = store;
    this.signingTokens = signingTokens;
    this.foundings = foundings;
    this.known = known;
    this.enrolled = enrolled;
    this.invitations = invitations;
    this.people = people;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(Visitor visitor) {
    var tenant = KnownKeys.tenant(visitor);
    return known.isFounded(tenant) ? founded(visitor, tenant) : waiting(visitor, tenant);
  }

  private ResponseEntity<byte[]> founded(Visitor visitor, TenantId tenant) {
    var keyring = store.tenants().keyring(tenant);
    var frame = visitor.frame();
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("tenant", tenant.value());
    model.put("words", new FoundingWords(frame, keyring.genesis()));
    model.put("pin", keyring.pin().hex());
    return parts.pages().page("keys/founded", model);
  }

  private ResponseEntity<byte[]> waiting(Visitor visitor, TenantId tenant) {
    var frame = visitor.frame();
    var draft = foundings.current(tenant);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("name", known.name(tenant));
    model.put("admin", visitor.is(Role.TENANT_ADMIN));
    model.put("keys", founders(tenant).stream().map(key -> KeyLine.of(frame, key)).toList());
    model.put("approvers", people(founders(tenant).stream().map(EnrolledKey::key).toList()));
    model.put("quorum", draft.map(one -> one.genesis().quorum()).orElse(1));
    model.put("draft", draft);
    model.put("words", draft.map(one -> new FoundingWords(frame, one.genesis())));
    model.put("signing", draft.map(foundings::signing));
    model.put("signed", draft.filter(one -> hasSigned(visitor.person(), one)).isPresent());
    model.put("handover", draft.flatMap(one -> handover(visitor, one)));
    model.put("action", parts.sites().handTo("/sign/founding"));
    var enrolling = PendingPasskeys.of(known, signingTokens, parts.sites(), visitor, tenant);
    model.put("enrolling", enrolling);
    model.put("made", enrolling.made().flatMap(name -> afterMaking(visitor, name, draft)));
    model.put(
        "inviting", InvitationView.of(people, invitations, visitor, tenant, InvitationForm.BLANK));
    return parts.pages().page("keys/founding", model);
  }

  /// What comes after somebody made a passkey; nothing once the draft has it.
  private static Optional<String> afterMaking(
      Visitor visitor, String name, Optional<Proposal> draft) {
    var drafted = draft.filter(Proposal::isOpen);
    boolean chosen =
        drafted.stream()
            .flatMap(one -> one.genesis().keys().stream())
            .filter(key -> key.approver().equals(visitor.person().subject()))
            .anyMatch(key -> key.name().equals(name));
    if (chosen) {
      return Optional.empty();
    }
    boolean admin = visitor.is(Role.TENANT_ADMIN);
    return Optional.of(
        drafted.isPresent()
            ? admin ? "passkey.made.drafted.admin" : "passkey.made.drafted"
            : admin ? "passkey.made.founding.admin" : "passkey.made.founding");
  }

  static int people(List<ApproverKey> keys) {
    return (int) keys.stream().map(ApproverKey::approver).distinct().count();
  }

  /// The passkeys of those who may approve.
  private List<EnrolledKey> founders(TenantId tenant) {
    var approvers =
        people.of(Optional.of(tenant)).stream()
            .filter(person -> person.roles().contains(Role.APPROVER))
            .map(Person::subject)
            .toList();
    return enrolled.of(tenant).stream()
        .filter(key -> approvers.contains(key.key().approver()))
        .toList();
  }

  private Optional<String> handover(Visitor visitor, Proposal draft) {
    return draft.isOpen() && !passkeys(visitor.person(), draft).isEmpty()
        ? Optional.of(
            signingTokens
                .issue(visitor.secret(), draft.tenant(), new SigningIntent.Sign(draft.id()))
                .forTheBrowser())
        : Optional.empty();
  }

  private boolean hasSigned(Person person, Proposal draft) {
    var signing = foundings.signing(draft);
    return draft.isOpen()
        && signing.newKeys().stream()
            .anyMatch(key -> key.approver().equals(person.subject()) && signing.hasSigned(key));
  }

  private Passkeys passkeys(Person person, Proposal draft) {
    return Passkeys.of(
        foundings.signing(draft).wanted(person.subject()).stream().map(ApproverKey::key).toList(),
        parts.sites().approve());
  }

  @PostMapping(PATH)
  ResponseEntity<byte[]> draft(
      Visitor visitor,
      @RequestParam(defaultValue = "") List<String> key,
      @RequestParam(defaultValue = "0") int quorum) {
    visitor.caller().need(Role.TENANT_ADMIN, "draft the founding");
    var tenant = KnownKeys.tenant(visitor);
    var chosen = key.stream().map(KnownKeys::keyId).toList();
    var keys =
        founders(tenant).stream()
            .map(EnrolledKey::key)
            .filter(one -> chosen.contains(one.key().keyId()))
            .toList();
    if (keys.size() != chosen.size()) {
      throw Problem.stale();
    }
    foundings.draft(tenant, visitor.person().subject(), keys, quorum);
    return parts.done(PATH + SIGNING, "founding.drafted");
  }

  @PostMapping("/sign/founding")
  ResponseEntity<byte[]> statement(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var draft = draft(taken);
    var passkeys = passkeys(taken.person(), draft);
    if (!draft.isOpen() || passkeys.isEmpty()) {
      throw Problem.stale();
    }
    var unsigned = draft.unsigned();
    var secret = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    var ceremony =
        Ceremony.of(parts.sites(), unsigned, secret, passkeys, "/sign/founding/send", PATH);
    return parts
        .pages()
        .page(
            "keys/found",
            Map.<String, Object>of(
                "frame", frame,
                "words", new FoundingWords(frame, draft.genesis()),
                "ceremony", ceremony));
  }

  @PostMapping("/sign/founding/send")
  ResponseEntity<byte[]> sign(@RequestParam MultiValueMap<String, String> form) {
    var sending =
        signingTokens.send(SigningForm.secret(form, "draft")).orElseThrow(SigningForm::used);
    var draft = draft(sending.context());
    var signature = SigningForm.assertion(form, passkeys(sending.context().person(), draft));
    var contacts = contacts(draft.tenant(), sending.context().zone());
    foundings.sign(draft.tenant(), draft.id(), signature, contacts);
    return Pages.seeOther(parts.sites().portal() + PATH + SIGNING);
  }

  /// The approvers, told in the zone of the browser that signs: colleagues are mostly near.
  private List<Contact> contacts(TenantId tenant, ZoneId zone) {
    return people.of(Optional.of(tenant)).stream()
        .filter(person -> person.roles().contains(Role.APPROVER))
        .map(person -> person.address().value())
        .distinct()
        .map(address -> Contact.usual(address, Audience.APPROVERS, zone))
        .toList();
  }

  private Proposal draft(SigningTokens.SigningContext taken) {
    if (taken.intent() instanceof SigningIntent.Sign(ProposalId id)) {
      taken.person().caller().belongTo(taken.tenant());
      return foundings.find(taken.tenant(), id).orElseThrow(Problem::notFound);
    }
    throw SigningForm.used();
  }

  /// The pin as a file, as the command line keeps it.
  @GetMapping("/founding/pin")
  ResponseEntity<byte[]> pin(Visitor visitor) {
    var tenant = KnownKeys.tenant(visitor);
    var founded = store.tenants().find(tenant).orElseThrow(Problem::notFound);
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, "text/plain;charset=utf-8");
    headers.set(
        HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.pin\"".formatted(tenant));
    var text = founded.pin().hex() + "\n";
    return new ResponseEntity<>(text.getBytes(StandardCharsets.US_ASCII), headers, 200);
  }
}
