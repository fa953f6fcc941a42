package org.openlockbox.portal.request;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.TenantList;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/// How one tenant does, for the provider's operators: numbers, what waits, and what is stuck. No
/// words that anybody wrote, no names of the tenant's people, and nothing that was done in a
/// session.
@Controller
public final class TenantPages {
  private static final int LEFTOVERS = 100;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final People people;
  private final InstantSource clock;

  public TenantPages(
      PortalEdge.Parts parts, Provider provider, Store store, People people, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.people = people;
    this.clock = clock;
  }

  /// How many of a tenant's people have a role.
  public record RoleCount(Role role, long people) {}

  @GetMapping("/operation/tenants/{t}")
  ResponseEntity<byte[]> show(Visitor visitor, @PathVariable String t) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var id = id(t);
    var tenant = store.tenants().find(id).orElseThrow(Problem::notFound);
    var keyring = store.tenants().keyring(id);
    var now = clock.instant();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("tenant", tenant);
    model.put("approvers", keyring.approvers().size());
    model.put("quorum", keyring.quorum());
    model.put("keys", keyring.keys().size());
    model.put("access", keyring.settings().access().word());
    model.put("line", new TenantList(store).find(id, now).orElseThrow(Problem::notFound));
    model.put("roles", roles(id));
    model.put(
        "waiting", StuckRequest.waiting(visitor.frame(), store, provider, clock, Optional.of(id)));
    model.put(
        "leftovers",
        new SessionRows(store.jdbc())
            .leftovers(LEFTOVERS).stream().filter(one -> one.tenant().equals(id)).count());
    return parts.pages().page("operation/tenant", model);
  }

  private List<RoleCount> roles(TenantId tenant) {
    var all = people.of(Optional.of(tenant));
    return Arrays.stream(Role.values())
        .filter(Role::isOfTenant)
        .map(
            role ->
                new RoleCount(role, all.stream().filter(one -> one.roles().contains(role)).count()))
        .toList();
  }

  private static TenantId id(String text) {
    try {
      return new TenantId(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }
}
