package org.openlockbox.check.authzen;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.check.caller.CheckCaller.CallerKind;
import org.openlockbox.check.resource.CheckPlace;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.core.tenant.TenantId;

/// The resources that a caller may ask about; of all others it cannot tell whether they are there.
///
/// An id is `<value>` or `<value>/<anything>`: the value stands for a tenant, the rest is recorded.
record VisibleResources(Supplier<? extends Collection<CheckResource>> newest) {
  /// One tenant's part of a resource.
  ///
  /// @param value what stands for the tenant
  record ResourcePart(CheckPlace place, TenantId tenant, String value) {}

  Optional<ResourcePart> find(CheckCaller caller, AccessQuestion.Entity resource) {
    int slash = resource.id().indexOf('/');
    String value = slash < 0 ? resource.id() : resource.id().substring(0, slash);
    return of(caller, resource.type()).stream()
        .flatMap(
            place ->
                place.spec().tenantOf(value).stream()
                    .filter(caller::asksAbout)
                    .map(tenant -> new ResourcePart(place, tenant, value)))
        .findFirst();
  }

  /// The resources that the caller calls by this type.
  List<CheckPlace> of(CheckCaller caller, String type) {
    return newest.get().stream()
        .filter(each -> caller.asksAs(CallerKind.SERVICE, each.id()))
        .filter(each -> each.spec().resourceType().equals(type))
        .map(CheckResource::place)
        .toList();
  }
}
