package org.openlockbox.server.portal.audit;

import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.portal.Visitor;
import org.openlockbox.server.problem.Problem;

/// Who may look up all of a tenant's access: its auditors, approvers and administrators. For the
/// provider's people there is no such page.
final class Auditing {
  private Auditing() {}

  /// The tenant whose access the visitor may look up.
  static TenantId tenant(Visitor visitor) {
    var tenant = visitor.caller().tenant().orElseThrow(Problem::notFound);
    if (!may(visitor)) {
      throw Problem.roleCannot("only auditors, approvers and administrators look up all access");
    }
    return tenant;
  }

  static boolean may(Visitor visitor) {
    return visitor.is(Role.AUDITOR) || visitor.is(Role.APPROVER) || visitor.is(Role.TENANT_ADMIN);
  }
}
