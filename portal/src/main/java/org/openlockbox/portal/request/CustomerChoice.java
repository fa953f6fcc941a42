package org.openlockbox.portal.request;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants.Tenant;

/// Whose data an engineer can ask for. Few customers are all offered. Of many one is typed, by name
/// or short name, and what matches is offered; nothing here takes longer the more there are.
///
/// @param isMany whether there are more than a list has room for
/// @param chosen the one that the form names
/// @param offered those of a list; none if a name is to be typed
/// @param lately those that this engineer asked for lately, to complete what is typed
public record CustomerChoice(
    boolean isMany, Optional<Tenant> chosen, List<Tenant> offered, List<String> lately) {
  /// More than a list has room for.
  private static final int MANY = 100;

  private static final int MATCHES = 20;
  private static final int NEWEST = 50;

  public CustomerChoice {
    offered = List.copyOf(offered);
    lately = List.copyOf(lately);
  }

  static CustomerChoice of(Store store, RequestForm form, SubjectId engineer, Instant now) {
    var tenants = store.tenants();
    var typed = form.value("tenant").strip().replace("\0", "");
    if (tenants.nextSlot() <= MANY) {
      var all = tenants.all().stream().sorted(Comparator.comparing(Tenant::name)).toList();
      return new CustomerChoice(false, chosen(all, typed), all, List.of());
    }
    var matching = typed.isEmpty() ? List.<Tenant>of() : tenants.matching(typed, MATCHES);
    var chosen = chosen(matching, typed);
    return new CustomerChoice(
        true,
        chosen,
        chosen.map(List::of).orElse(matching),
        matching.isEmpty() ? lately(store, engineer, now) : List.of());
  }

  /// Whether a name is typed.
  public boolean isTyped() {
    return isMany && offered.isEmpty();
  }

  /// What is wrong with the choice, as a message id.
  Optional<String> fault(RequestForm form) {
    if (chosen.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        form.value("tenant").isBlank()
            ? "ask.fault.tenant"
            : isTyped() ? "ask.fault.tenant.unknown" : "ask.fault.tenant.which");
  }

  private static Optional<Tenant> chosen(List<Tenant> tenants, String typed) {
    var called =
        tenants.stream()
            .filter(one -> one.id().value().equals(typed) || one.name().equalsIgnoreCase(typed))
            .toList();
    return called.stream()
        .filter(one -> one.id().value().equals(typed))
        .findFirst()
        .or(() -> called.size() == 1 ? Optional.of(called.getFirst()) : Optional.empty());
  }

  private static List<String> lately(Store store, SubjectId engineer, Instant now) {
    var filter =
        new AccessRequests.RequestFilter(
            Optional.empty(), Optional.of(engineer), Optional.empty(), Optional.empty(), NEWEST);
    var ids =
        AccessRequests.list(store.jdbc(), filter, now).stream()
            .map(StoredRequest::tenant)
            .map(TenantId::value)
            .distinct()
            .toList();
    return store.tenants().names(ids).values().stream().sorted().toList();
  }
}
