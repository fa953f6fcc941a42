package org.openlockbox.portal.keys;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.InvitationForm.WantedInvitation;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.Invitations.Inviter;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.TenantPeople;
import org.openlockbox.server.identity.TenantPeople.PersonChangeResult;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// A tenant's people: who is here and as what, and for its administrators the ways to invite, to
/// give other roles and to remove. Whoever is here can look, and make passkeys; that these count,
/// and that a key of somebody who left counts no longer, is for the keyring's approvers to sign.
@Controller
public final class PeoplePages {
  static final String PATH = "/people";

  private final PortalEdge.Parts parts;
  private final KnownKeys known;
  private final Invitations invitations;
  private final People people;
  private final TenantPeople colleagues;

  public PeoplePages(
      PortalEdge.Parts parts,
      KnownKeys known,
      Invitations invitations,
      People people,
      TenantPeople colleagues) {
    this.parts = parts;
    this.known = known;
    this.invitations = invitations;
    this.people = people;
    this.colleagues = colleagues;
  }

  /// Somebody in the list.
  ///
  /// @param vouched whether the tenant's own sign-in gives them their roles
  /// @param keys how many keys of theirs count; empty for who signs nothing
  public record Colleague(Person person, boolean own, boolean vouched, Optional<Long> keys) {}

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(Visitor visitor) {
    return show(visitor, 200, Optional.empty(), InvitationForm.BLANK);
  }

  private ResponseEntity<byte[]> show(
      Visitor visitor, int status, Optional<String> fault, InvitationForm form) {
    var tenant = KnownKeys.tenant(visitor);
    var here = people.of(Optional.of(tenant));
    var vouched = colleagues.vouchedFor(tenant);
    var keyring = known.keyring(tenant);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("name", known.name(tenant));
    model.put("fault", fault);
    model.put(
        "people", here.stream().map(one -> colleague(visitor, one, vouched, keyring)).toList());
    model.put("inviting", InvitationView.of(people, invitations, visitor, tenant, form));
    model.put("strays", strays(visitor, keyring, here));
    return parts.pages().page(status, "keys/people", model);
  }

  private ResponseEntity<byte[]> faulty(Visitor visitor, String fault) {
    return show(visitor, 422, Optional.of(fault), InvitationForm.BLANK);
  }

  private static Colleague colleague(
      Visitor visitor, Person person, Set<SubjectId> vouched, Optional<Keyring> keyring) {
    return new Colleague(
        person,
        person.id() == visitor.person().id(),
        vouched.contains(person.subject()),
        keyring
            .filter(_ -> person.roles().contains(Role.APPROVER))
            .map(ring -> keys(ring, person.subject())));
  }

  private static long keys(Keyring keyring, SubjectId person) {
    return keyring.keys().stream().filter(key -> key.approver().equals(person)).count();
  }

  /// Keys that still count although nobody here is an approver of that name.
  private static List<KeyLine> strays(
      Visitor visitor, Optional<Keyring> keyring, List<Person> people) {
    var approvers =
        people.stream()
            .filter(person -> person.roles().contains(Role.APPROVER))
            .map(Person::subject)
            .collect(Collectors.toSet());
    return keyring.stream()
        .flatMap(ring -> ring.keys().stream())
        .filter(key -> !approvers.contains(key.approver()))
        .map(key -> KeyLine.of(visitor.frame(), key))
        .toList();
  }

  @PostMapping(PATH + "/{who}/roles")
  ResponseEntity<byte[]> change(
      Visitor visitor,
      @PathVariable String who,
      @RequestParam(defaultValue = "") List<String> role) {
    var tenant = administered(visitor, "give roles");
    var roles = roles(role);
    if (roles.isEmpty()) {
      return faulty(visitor, "people.fault.roles");
    }
    var outcome = colleagues.change(tenant, subject(who), roles, by(visitor));
    return after(visitor, outcome, "person.changed");
  }

  @PostMapping(PATH + "/{who}/remove")
  ResponseEntity<byte[]> remove(Visitor visitor, @PathVariable String who) {
    var tenant = administered(visitor, "remove people");
    var outcome = colleagues.remove(tenant, subject(who), by(visitor));
    return after(visitor, outcome, "person.removed");
  }

  private ResponseEntity<byte[]> after(Visitor visitor, PersonChangeResult outcome, String done) {
    return switch (outcome) {
      case DONE -> parts.done(PATH, done);
      case NOBODY -> throw Problem.notFound();
      case LAST_ADMINISTRATOR -> faulty(visitor, "people.fault.last");
    };
  }

  @PostMapping("/invitations")
  ResponseEntity<byte[]> invite(
      Visitor visitor,
      @RequestParam(defaultValue = "") String address,
      @RequestParam(defaultValue = "") List<String> role) {
    var tenant = administered(visitor, "invite people");
    var form = new InvitationForm(address, role, FormFaults.NONE);
    return switch (form.read()) {
      case FormResult.Usable(var wanted) -> invite(visitor, tenant, form, wanted);
      case FormResult.Faulty(var faults) -> show(visitor, 422, Optional.empty(), form.with(faults));
    };
  }

  private ResponseEntity<byte[]> invite(
      Visitor visitor, TenantId tenant, InvitationForm form, WantedInvitation wanted) {
    var by = new Inviter(visitor.person().name(), Optional.of(visitor.frame().words().locale()));
    try {
      invitations.invite(tenant, known.name(tenant), wanted.address(), wanted.roles(), by);
    } catch (Problem problem) {
      var fault = InvitationForm.refused(problem);
      return show(visitor, 422, Optional.empty(), form.with(List.of(fault)));
    }
    return parts.done(known.isFounded(tenant) ? PATH : FoundingPages.PATH, "invitation.sent");
  }

  private static TenantId administered(Visitor visitor, String toDoWhat) {
    var tenant = KnownKeys.tenant(visitor);
    visitor.caller().need(Role.TENANT_ADMIN, toDoWhat);
    return tenant;
  }

  private static SubjectId by(Visitor visitor) {
    return visitor.person().subject();
  }

  private static SubjectId subject(String who) {
    try {
      return new SubjectId(who);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }

  /// Roles of a tenant; anything else is refused.
  private static Set<Role> roles(List<String> words) {
    var roles =
        Arrays.stream(Role.values())
            .filter(role -> role.isOfTenant() && words.contains(role.word()))
            .collect(Collectors.toSet());
    if (roles.size() != Set.copyOf(words).size()) {
      throw Problem.refused("role", "this is no role of a tenant");
    }
    return roles;
  }

  @PostMapping("/invitations/withdraw")
  ResponseEntity<byte[]> withdraw(
      Visitor visitor, @RequestParam(defaultValue = "") String address) {
    var tenant = administered(visitor, "take back invitations");
    try {
      invitations.withdraw(tenant, new MailAddress(address));
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
    return parts.done(known.isFounded(tenant) ? PATH : FoundingPages.PATH, "invitation.withdrawn");
  }
}
