package org.openlockbox.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Optional;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
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

  public InvitationPages(PortalEdge.Parts parts, Invitations invitations, WaitingTenants waiting) {
    this.parts = parts;
    this.invitations = invitations;
    this.waiting = waiting;
  }

  @GetMapping("/invitation/{secret}")
  ResponseEntity<byte[]> look(HttpServletRequest request, @PathVariable String secret) {
    var invitation = Secret.parse(secret).flatMap(invitations::look);
    return invitation.isEmpty()
        ? page(404, request, invitation, "", "")
        : page(200, request, invitation, secret, "");
  }

  private ResponseEntity<byte[]> page(
      int status,
      HttpServletRequest request,
      Optional<Invitations.Invitation> invitation,
      String secret,
      String fault) {
    var model = new HashMap<String, Object>();
    model.put("frame", parts.frames().stranger(request));
    model.put("invitation", invitation);
    model.put("tenant", invitation.flatMap(one -> waiting.name(one.tenant())).orElse(""));
    model.put("secret", secret);
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
      return page(422, request, invitations.look(secret), invitation, "invitation.name.fault");
    }
    return invitations
        .take(secret, called)
        .map(person -> Pages.seeOther("/sign-in?next=/keys&accepted=yes" + typed(person)))
        .orElseGet(() -> page(404, request, Optional.empty(), "", ""));
  }

  /// The address for the field of the sign-in page. A fragment reaches no server and no log.
  private static String typed(Person person) {
    return "#address=" + URLEncoder.encode(person.address().value(), StandardCharsets.UTF_8);
  }
}
