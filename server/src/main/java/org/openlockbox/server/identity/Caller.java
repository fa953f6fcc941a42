package org.openlockbox.server.identity;

import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;

/// Who makes this call, as the token says.
public record Caller(SubjectId subject, String name, Set<Role> roles, Optional<TenantId> tenant) {
  public Caller {
    roles = Set.copyOf(roles);
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  /// Refuses callers who can never do this.
  public void need(Role role, String toDoWhat) {
    if (!is(role)) {
      throw Problem.roleCannot("only the role %s can %s".formatted(role.word(), toDoWhat));
    }
  }

  /// Refuses everybody but this tenant's own people, as if the tenant did not exist.
  public void belongTo(TenantId id) {
    if (!belongsTo(id)) {
      throw Problem.notFound();
    }
  }

  public boolean belongsTo(TenantId id) {
    return tenant.filter(id::equals).isPresent();
  }

  public boolean isProvider() {
    return tenant.isEmpty();
  }
}
