package org.openlockbox.server.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants.Tenant;

/// Who may see what, in one place. A tenant's people see their own tenant; of the provider's, an
/// engineer sees their own requests, reviewers and operators see all requests and sessions but not
/// what was done in them; a gateway sees nothing here. What a caller may not see does not exist for
/// them.
public final class Visibility {
  private final Store store;

  public Visibility(Store store) {
    this.store = store;
  }

  public Tenant tenant(Caller caller, String id) {
    var tenant = Paths.tenant(id);
    if (!caller.belongsTo(tenant) && !seesTenants(caller)) {
      throw Problem.notFound();
    }
    return store.tenants().find(tenant).orElseThrow(Problem::notFound);
  }

  public static boolean seesTenants(Caller caller) {
    return caller.is(Role.ENGINEER) || seesAll(caller);
  }

  public static boolean seesAll(Caller caller) {
    return caller.is(Role.REVIEWER) || caller.is(Role.OPERATOR);
  }

  /// The log with its texts, which only the tenant's own people may read.
  public Tenant log(Caller caller, String id) {
    var tenant = Paths.tenant(id);
    if (!caller.belongsTo(tenant)) {
      throw Problem.notFound();
    }
    return store.tenants().find(tenant).orElseThrow(Problem::notFound);
  }

  /// The head of the log in an epoch: for the tenant's people, and for gateways, which let nobody
  /// in on a log that is not witnessed.
  public Tenant head(Caller caller, String id) {
    return caller.is(Role.GATEWAY)
        ? store.tenants().find(Paths.tenant(id)).orElseThrow(Problem::notFound)
        : log(caller, id);
  }

  /// What was done under a request, statements and all: for the tenant's own people and for the
  /// engineer of the request.
  public StoredRequest evidence(Caller caller, @Nullable String tenant, String id) {
    var stored = request(caller, tenant, id);
    if (!caller.belongsTo(stored.tenant()) && !owns(caller, stored)) {
      throw Problem.notFound();
    }
    return stored;
  }

  /// The request of this id; `tenant` is the tenant in the path, if the path has one.
  public StoredRequest request(Caller caller, @Nullable String tenant, String id) {
    var request = Paths.request(id);
    var of = tenant == null ? tenantOf(request) : Optional.of(Paths.tenant(tenant));
    return of.flatMap(t -> AccessRequests.of(store.jdbc(), t).find(request))
        .filter(stored -> sees(caller, stored))
        .orElseThrow(Problem::notFound);
  }

  private Optional<TenantId> tenantOf(RequestId id) {
    return AccessRequests.tenantOf(store.jdbc(), id);
  }

  static boolean sees(Caller caller, StoredRequest stored) {
    return caller.belongsTo(stored.tenant()) || seesAll(caller) || owns(caller, stored);
  }

  /// Whether the caller is the engineer of the request, or answers for it.
  public static boolean owns(Caller caller, StoredRequest stored) {
    return caller.is(Role.ENGINEER) && stored.submission().engineer().sidesWith(caller.subject());
  }
}
