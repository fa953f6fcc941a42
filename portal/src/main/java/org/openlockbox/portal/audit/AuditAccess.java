package org.openlockbox.portal.audit;

import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.problem.Problem;

/// Who may look up all of a tenant's access: the tenant's own people, whatever their role, as the
/// API lets them read the log. For the provider's people there is no such page.
public final class AuditAccess {
  private AuditAccess() {}

  /// The tenant whose access the visitor may look up.
  public static TenantId tenant(Visitor visitor) {
    return visitor.caller().tenant().orElseThrow(Problem::notFound);
  }

  public static boolean may(Visitor visitor) {
    return !visitor.caller().isProvider();
  }
}
