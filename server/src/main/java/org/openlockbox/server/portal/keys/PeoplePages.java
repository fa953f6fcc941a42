package org.openlockbox.server.portal.keys;

import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.portal.Pages;
import org.openlockbox.server.portal.Visitor;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The inviting of colleagues. Whoever is invited can look, and make passkeys; that these count is
/// for the keys before them to sign.
@Controller
public final class PeoplePages {
  private final KeyDesk desk;

  public PeoplePages(KeyDesk desk) {
    this.desk = desk;
  }

  @PostMapping("/invitations")
  ResponseEntity<byte[]> invite(
      Visitor visitor,
      @RequestParam(defaultValue = "") String address,
      @RequestParam(defaultValue = "") List<String> role) {
    var tenant = KeyDesk.tenant(visitor);
    visitor.caller().need(Role.TENANT_ADMIN, "invite people");
    try {
      var roles = role.stream().map(Role::parse).collect(Collectors.toSet());
      desk.invitations()
          .invite(
              tenant, desk.name(tenant), new MailAddress(address), roles, visitor.person().name());
    } catch (IllegalArgumentException e) {
      throw Problem.refused("invitation", "an invitation has an e-mail address and a role");
    }
    return Pages.seeOther("/keys");
  }
}
