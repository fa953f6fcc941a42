package org.openlockbox.portal.request;

import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.request.NewTenantForm.TenantToAdd;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.FoundingInvitations;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The form by which an operator adds a tenant, or invites its administrator once more. It founds
/// nothing: the tenant waits until its own people sign with their own keys.
@Controller
public final class NewTenantPages {
  private static final String PATH = "/operation/new-tenant";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final WaitingTenants waiting;
  private final FoundingInvitations founding;
  private final People people;

  public NewTenantPages(
      PortalEdge.Parts parts,
      Store store,
      WaitingTenants waiting,
      FoundingInvitations founding,
      People people) {
    this.parts = parts;
    this.store = store;
    this.waiting = waiting;
    this.founding = founding;
    this.people = people;
  }

  /// Empty, or filled in for a tenant that waits.
  @GetMapping(PATH)
  ResponseEntity<byte[]> show(Visitor visitor, @RequestParam(defaultValue = "") String tenant) {
    visitor.caller().need(Role.OPERATOR, "add tenants");
    var form =
        waiting.all().stream()
            .filter(one -> one.id().value().equals(tenant))
            .findFirst()
            .map(NewTenantForm::again)
            .orElse(NewTenantForm.BLANK);
    return form(200, visitor, form, List.of());
  }

  @PostMapping(PATH)
  ResponseEntity<byte[]> add(
      Visitor visitor,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String id,
      @RequestParam(defaultValue = "") String admin,
      @RequestParam(defaultValue = "") String again,
      @RequestParam(defaultValue = "") String replace) {
    visitor.caller().need(Role.OPERATOR, "add tenants");
    var form = new NewTenantForm(name, id, admin, !again.isEmpty(), !replace.isEmpty());
    return switch (form.read()) {
      case FormResult.Usable(var wanted) -> add(visitor, form, wanted);
      case FormResult.Faulty(var faults) -> form(422, visitor, form, faults);
    };
  }

  private ResponseEntity<byte[]> add(Visitor visitor, NewTenantForm form, TenantToAdd wanted) {
    try {
      store.within(
          () ->
              founding.invite(
                  wanted.id(),
                  wanted.name(),
                  wanted.admin(),
                  wanted.earlier(),
                  Optional.of(visitor.frame().words().locale())));
    } catch (Problem problem) {
      return form(422, visitor, form, List.of(refused(problem)));
    }
    return parts.done(
        TenantListPages.found(wanted.id()), form.again() ? "tenant.invited" : "tenant.added");
  }

  /// Why the server did not take it, beside the field that it is about.
  private static FieldFault refused(Problem problem) {
    return switch (problem.code()) {
      case "tenant_exists" -> new FieldFault("id", "operation.add.fault.exists");
      case "tenant_waits" -> new FieldFault("name", "operation.add.fault.waits");
      case "person_exists" -> new FieldFault("admin", "operation.add.fault.begun");
      case "provider_person" -> new FieldFault("admin", "operation.add.fault.own");
      case "too_often" -> new FieldFault("admin", "operation.add.fault.often");
      default -> throw problem;
    };
  }

  /// Who of the tenant is there already, while it waits to be founded.
  private List<Person> here(String id) {
    return waiting.all().stream()
        .filter(one -> one.id().value().equals(id))
        .flatMap(one -> people.of(Optional.of(one.id())).stream())
        .toList();
  }

  private ResponseEntity<byte[]> form(
      int status, Visitor visitor, NewTenantForm form, List<FieldFault> faults) {
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("form", form);
    model.put("faults", new FormFaults(faults));
    model.put("here", form.again() ? here(form.id()) : List.of());
    return parts.pages().page(status, "operation/add", model);
  }
}
