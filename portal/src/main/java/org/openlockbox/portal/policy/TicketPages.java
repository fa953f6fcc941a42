package org.openlockbox.portal.policy;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.policy.SignedTickets;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// An approver signs for a ticket of the tenant's own, with a passkey: a rule about own tickets
/// ([Ticket]) holds for it until its time is over. The same as `lockbox ticket sign`.
///
/// ```text
///   /tickets (which one, how long) ──▶ /sign/ticket (the statement) ──▶ /sign/ticket/send ──▶ /tickets
/// ```
///
/// A crash before the entry is written leaves nothing; after that the ticket is signed.
@Controller
public final class TicketPages {
  private static final List<Duration> LENGTHS =
      List.of(Duration.ofHours(8), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

  /// How many of the last signed tickets are looked through for those that count now.
  private static final int LAST = 200;

  /// So long after signing the page confirms it.
  private static final Duration MOMENT = Duration.ofMinutes(2);

  private final PortalEdge.Parts parts;
  private final Store store;
  private final SigningTokens signingTokens;
  private final RefusedSignatures refused;
  private final SignedTickets tickets;
  private final InstantSource clock;

  public TicketPages(
      PortalEdge.Parts parts,
      Store store,
      SigningTokens signingTokens,
      RefusedSignatures refused,
      SignedTickets tickets,
      InstantSource clock) {
    this.parts = parts;
    this.store = store;
    this.signingTokens = signingTokens;
    this.refused = refused;
    this.tickets = tickets;
    this.clock = clock;
  }

  @GetMapping("/tickets")
  ResponseEntity<byte[]> show(Visitor visitor) {
    var tenant = PolicyProposal.tenant(visitor);
    visitor.caller().need(Role.APPROVER, "sign for tickets");
    var handover =
        passkeys(tenant, visitor.person()).isEmpty()
            ? Optional.<String>empty()
            : Optional.of(
                signingTokens
                    .issue(visitor.secret(), tenant, new SigningIntent.OwnTicket())
                    .forTheBrowser());
    var signed = tickets.inForce(tenant, visitor.frame().now(), LAST);
    var model = form(visitor.frame(), tenant, handover, new TypedTicket("", LENGTHS.getFirst()));
    model.put("signed", Optional.of(signed));
    model.put("done", signed.stream().findFirst().filter(one -> isJustBy(visitor, one)));
    return parts.pages().page("policy/ticket", model);
  }

  private static boolean isJustBy(Visitor visitor, SignedTickets.SignedTicket signed) {
    return signed.ticket().by().equals(visitor.person().subject())
        && signed.at().isAfter(visitor.frame().now().minus(MOMENT));
  }

  /// What was typed into the form.
  public record TypedTicket(String ticket, Duration length) {}

  private static String command(PageContext frame, TenantId tenant) {
    return frame
        .person()
        .map(person -> "LOCKBOX_PROFILE=" + person.subject().value() + " ")
        .orElse("")
        .concat("lockbox ticket sign TICKET --tenant %s --for 8h".formatted(tenant.value()));
  }

  /// The form; on the approve origin too, where what was typed wrong is mended.
  private Map<String, Object> form(
      PageContext frame, TenantId tenant, Optional<String> handover, TypedTicket typed) {
    var policy = store.tenants().keyring(tenant).policy();
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("handover", handover);
    model.put("action", parts.sites().handTo("/sign/ticket"));
    model.put("lengths", LENGTHS);
    model.put("typed", typed);
    model.put("portal", parts.sites().portal());
    model.put("fault", Optional.empty());
    model.put("signed", Optional.empty());
    model.put("done", Optional.empty());
    model.put("needless", policy.rules().stream().noneMatch(rule -> rule.match().ownTicket()));
    model.put("command", command(frame, tenant));
    return model;
  }

  @PostMapping("/sign/ticket")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var passkeys = passkeys(taken);
    if (passkeys.isEmpty()) {
      throw Problem.stale();
    }
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    var ticket = Optional.ofNullable(form.getFirst("ticket")).orElse("").strip();
    if (!Submission.isTicket(ticket)) {
      var typed = new TypedTicket(ticket, length(form));
      var again = form(frame, taken.tenant(), Optional.of(token.forTheBrowser()), typed);
      again.put("fault", Optional.of("tickets.fault"));
      return parts.pages().page(422, "policy/ticket", again);
    }
    var statement = statement(taken, ticket, length(form));
    var unsigned = statement.unsigned();
    var draft = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("title", frame.say("tickets.sign"));
    model.put("sentence", sentence(frame, Ticket.parse(unsigned.payloadJson())));
    model.put("lines", List.of(frame.say("tickets.means")));
    model.put("warnings", List.of());
    model.put("findings", List.of());
    model.put(
        "ceremony",
        Ceremony.of(parts.sites(), unsigned, draft, passkeys, "/sign/ticket/send", "/tickets"));
    return parts.pages().page("keys/sign", model);
  }

  private static Duration length(MultiValueMap<String, String> form) {
    return LENGTHS.stream()
        .filter(one -> one.toString().equals(form.getFirst("length")))
        .findFirst()
        .orElseThrow(() -> Problem.malformed("a ticket is signed for 1 hour to 7 days"));
  }

  private Ticket statement(SigningTokens.SigningContext taken, String ticket, Duration length) {
    var genesis = store.tenants().keyring(taken.tenant()).genesis();
    Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(length);
    return new Ticket(genesis.tenant(), genesis.origin(), ticket, taken.person().subject(), end);
  }

  /// What is signed, read from the payload.
  private static List<SentencePart> sentence(PageContext frame, Ticket ticket) {
    return SentencePart.sentence(
        frame.words().pattern("tickets.sentence"),
        List.of(ticket.ticket(), frame.time(ticket.notAfter())));
  }

  @PostMapping("/sign/ticket/send")
  ResponseEntity<byte[]> send(@RequestParam MultiValueMap<String, String> form) {
    var sending = SigningForm.sending(form, signingTokens, refused);
    var taken = sending.context();
    refused.noting(
        taken.tenant(),
        taken.person().subject(),
        "ticket",
        () -> {
          var signature = SigningForm.assertion(form, passkeys(taken));
          var signed = TicketEvent.of(sending.unsigned().with(signature));
          return tickets.take(taken.tenant(), signed);
        });
    return Pages.seeOther(parts.sites().portal() + "/tickets");
  }

  /// The passkeys of whoever came here for this, that count now. Rights are looked at each time.
  private Passkeys passkeys(SigningTokens.SigningContext taken) {
    if (!(taken.intent() instanceof SigningIntent.OwnTicket)) {
      throw SigningForm.used();
    }
    taken.person().caller().belongTo(taken.tenant());
    taken.person().caller().need(Role.APPROVER, "sign for tickets");
    return passkeys(taken.tenant(), taken.person());
  }

  private Passkeys passkeys(TenantId tenant, Person person) {
    return Passkeys.of(store.tenants().keyring(tenant), person.subject(), parts.sites().approve());
  }
}
