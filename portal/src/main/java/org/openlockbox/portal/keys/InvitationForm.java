package org.openlockbox.portal.keys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;

/// An invitation as it was typed, and what is wrong with it.
public record InvitationForm(String address, List<String> roles, FormFaults faults) {
  private static final String ADDRESS = "invite-address";
  private static final String ROLE = "invite-role";
  static final InvitationForm BLANK =
      new InvitationForm("", List.of(Role.APPROVER.word()), FormFaults.NONE);

  public InvitationForm {
    address = address.strip();
    roles = List.copyOf(roles);
  }

  /// Whom to invite, and to be what.
  record WantedInvitation(MailAddress address, Set<Role> roles) {}

  InvitationForm with(List<FieldFault> faults) {
    return new InvitationForm(address, roles, new FormFaults(faults));
  }

  FormResult<WantedInvitation, FieldFault> read() {
    var faults = new ArrayList<FieldFault>();
    if (!MailAddress.isMailable(address.toLowerCase(Locale.ROOT))) {
      faults.add(new FieldFault(ADDRESS, "signin.address.malformed"));
    }
    var wanted =
        Arrays.stream(Role.values())
            .filter(role -> role.isOfTenant() && roles.contains(role.word()))
            .collect(Collectors.toSet());
    if (wanted.isEmpty() || wanted.size() != Set.copyOf(roles).size()) {
      faults.add(new FieldFault(ROLE, "people.fault.roles"));
    }
    return faults.isEmpty()
        ? new FormResult.Usable<>(new WantedInvitation(new MailAddress(address), wanted))
        : new FormResult.Faulty<>(faults);
  }

  /// Why the server did not take it, beside the address.
  static FieldFault refused(Problem problem) {
    return switch (problem.code()) {
      case "person_exists", "provider_person" ->
          new FieldFault(ADDRESS, "fault.code." + problem.code());
      case "too_often" -> new FieldFault(ADDRESS, "operation.add.fault.often");
      default -> throw problem;
    };
  }
}
