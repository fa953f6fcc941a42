package org.openlockbox.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.subject.Engineer.EngineerKind;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.identity.Role;

/// The people of the demo. Each has a token in a profile of the same name, and signs in to the
/// portal with an address; those who sign have a key.
final class DemoRoles {
  /// One person: their role and, for a customer's people, the tenant.
  record DemoPerson(String id, String name, Role role, Optional<String> tenant) {
    /// Where this person's mail goes.
    String address() {
      var called = name.split("[ ,]", 2)[0].toLowerCase(Locale.ROOT);
      return "%s@%s.example".formatted(called, tenant.orElse("helpdesk"));
    }

    boolean signs() {
      return role == Role.APPROVER || role == Role.ENGINEER;
    }
  }

  /// One customer: who founds its keyring, and where its mail goes (a person and a group).
  record DemoCustomer(String id, String name, List<String> founders, List<String> addresses) {}

  static final List<DemoPerson> PEOPLE =
      List.of(
          provider("engineer", "Erin Engineer", Role.ENGINEER),
          provider("reviewer", "Rob Reviewer", Role.REVIEWER),
          provider("operator", "Olga Operator", Role.OPERATOR),
          provider("gw-1", "Gateway gw-1", Role.GATEWAY),
          customer("acme-approver", "Ann of Acme", Role.APPROVER, "acme"),
          customer("acme-approver-2", "Abe of Acme", Role.APPROVER, "acme"),
          customer("acme-auditor", "Ada, auditor of Acme", Role.AUDITOR, "acme"),
          customer("acme-admin", "Amy, administrator of Acme", Role.TENANT_ADMIN, "acme"),
          customer("globex-approver", "Gus of Globex", Role.APPROVER, "globex"),
          customer("initech-approver", "Ian of Initech", Role.APPROVER, "initech"));

  static final List<DemoCustomer> CUSTOMERS =
      List.of(
          new DemoCustomer(
              "acme",
              "Acme Corporation",
              List.of("acme-approver", "acme-approver-2"),
              List.of("ann@acme.example", "lockbox-approvals@acme.example")),
          new DemoCustomer(
              "globex",
              "Globex Corporation",
              List.of("globex-approver"),
              List.of("security@globex.example")),
          new DemoCustomer(
              "initech", "Initech", List.of("initech-approver"), List.of("ian@initech.example")));

  static final List<String> SIGNERS =
      PEOPLE.stream().filter(DemoPerson::signs).map(DemoPerson::id).toList();

  /// What the provider's directory says of each of its people.
  static final ProviderDirectory.DirectoryChange PROVIDERS =
      new ProviderDirectory.DirectoryChange(
          Optional.empty(),
          Optional.of("DE"),
          Optional.of("Example Helpdesk Ltd"),
          Optional.of(EngineerKind.HUMAN),
          Optional.empty());

  private DemoRoles() {}

  static String nameOf(String person) {
    return PEOPLE.stream()
        .filter(one -> one.id().equals(person))
        .map(DemoPerson::name)
        .findFirst()
        .orElseThrow();
  }

  private static DemoPerson provider(String id, String name, Role role) {
    return new DemoPerson(id, name, role, Optional.empty());
  }

  private static DemoPerson customer(String id, String name, Role role, String tenant) {
    return new DemoPerson(id, name, role, Optional.of(tenant));
  }
}
