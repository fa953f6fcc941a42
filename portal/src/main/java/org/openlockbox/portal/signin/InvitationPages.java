package org.openlockbox.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Optional;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Where the link of an invitation leads. To look at it, as programs that scan mail do, takes
/// nothing; the button takes it, and leads to signing in.
@Controller
public final class InvitationPages {
  private static final int LONGEST_NAME = 100;

  private final PortalEdge.Parts parts;
  private final Invitations invitations;
  private final WaitingTenants waiting;
  private final Visits visits;

  public InvitationPages(
      PortalEdge.Parts parts, Invitations invitations, WaitingTenants waiting, Visits visits) {
    this.parts = parts;
    this.invitations = invitations;
    this.waiting = waiting;
    this.visits = visits;
  }

  @GetMapping("/invitation/{secret}")
  ResponseEntity<byte[]> look(HttpServletRequest request, @PathVariable String secret) {
    var invitation = Secret.parse(secret).flatMap(invitations::look);
    return invitation.isEmpty()
        ? page(404, request, invitation, "", "", "")
        : page(200, request, invitation, secret, "", "");
  }

  private ResponseEntity<byte[]> page(
      int status,
      HttpServletRequest request,
      Optional<Invitations.Invitation> invitation,
      String secret,
      String name,
      String fault) {
    var model = new HashMap<String, Object>();
    model.put("frame", parts.frames().stranger(request));
    model.put("invitation", invitation);
    model.put("tenant", invitation.flatMap(one -> waiting.name(one.tenant())).orElse(""));
    model.put("secret", secret);
    model.put("name", name);
    model.put("fault", fault);
    return parts.pages().page(status, "invitation", model);
  }

  @PostMapping("/invitation")
  ResponseEntity<byte[]> take(
      HttpServletRequest request,
      @RequestParam(defaultValue = "") String invitation,
      @RequestParam(defaultValue = "") String name) {
    var secret = Secret.parse(invitation).orElseThrow(Problem::notFound);
    var called = name.strip();
    if (called.isEmpty() || called.length() > LONGEST_NAME || !TextRules.allowsLine(called)) {
      return page(
          422, request, invitations.look(secret), invitation, called, "invitation.name.fault");
    }
    try {
      return invitations
          .take(secret, called)
          .map(person -> accepted(request, person))
          .orElseGet(() -> page(404, request, Optional.empty(), "", "", ""));
    } catch (Problem refused) {
      if (!refused.code().equals("provider_person")) {
        throw refused;
      }
      return page(
          422, request, invitations.look(secret), invitation, called, "invitation.own.fault");
    }
  }

  /// To the sign-in page, or to the choice where this browser is signed in as somebody already.
  private ResponseEntity<byte[]> accepted(HttpServletRequest request, Person person) {
    var visitor = parts.frames().visitor(request);
    if (visitor.isEmpty()) {
      return signIn(person.address());
    }
    var model = new HashMap<String, Object>();
    model.put("frame", parts.frames().stranger(request));
    model.put("tenant", person.tenant().flatMap(waiting::name).orElse(""));
    model.put("address", person.address().value());
    model.put("visitor", visitor.get().person());
    return parts.pages().page("accepted", model);
  }

  /// With the address for the field of the sign-in page. A fragment reaches no server and no log.
  private static ResponseEntity<byte[]> signIn(MailAddress address) {
    var typed = URLEncoder.encode(address.value(), StandardCharsets.UTF_8);
    return Pages.seeOther("/sign-in?next=/keys&accepted=yes#address=" + typed);
  }

  /// Ends the visit of whoever is signed in here, so that the person who was invited can sign in.
  @PostMapping("/invitation/sign-in")
  ResponseEntity<byte[]> change(
      Visitor visitor,
      HttpServletResponse response,
      @RequestParam(defaultValue = "") String address) {
    MailAddress to;
    try {
      to = new MailAddress(address);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("this is no e-mail address");
    }
    visits.end(visitor.secret());
    parts.browser().forget(response);
    return signIn(to);
  }
}
