package org.openlockbox.portal.keys;

import java.util.Arrays;
import java.util.List;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.Invitations.Invitation;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;

/// Who of a tenant is here, who is invited, and, for its administrators, the form to invite more.
public record InvitationView(
    boolean may,
    List<Person> people,
    List<Invitation> open,
    List<Role> roles,
    InvitationForm form) {
  public InvitationView {
    people = List.copyOf(people);
    open = List.copyOf(open);
    roles = List.copyOf(roles);
  }

  /// How many are here who may decide.
  public long approvers() {
    return people.stream().filter(one -> one.roles().contains(Role.APPROVER)).count();
  }

  static InvitationView of(
      People people,
      Invitations invitations,
      Visitor visitor,
      TenantId tenant,
      InvitationForm form) {
    return new InvitationView(
        visitor.is(Role.TENANT_ADMIN),
        people.of(visitor.caller().tenant()),
        invitations.open(tenant),
        Arrays.stream(Role.values()).filter(Role::isOfTenant).toList(),
        form);
  }
}
