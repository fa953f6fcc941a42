package org.openlockbox.portal.keys;

import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;

/// Who may propose what, and take it back. A proposal decides nothing; who may sign it is in the
/// keyring.
public final class ProposalRights {
  private ProposalRights() {}

  /// Refuses those whose role cannot propose such a change.
  public static void need(Caller caller, KeyringChange.Change change) {
    if (!may(caller, change)) {
      throw Problem.roleCannot("your role cannot propose such a change");
    }
  }

  /// Whether the role of the caller can propose such a change.
  public static boolean may(Caller caller, KeyringChange.Change change) {
    return caller.is(Role.APPROVER)
        || switch (change) {
          case KeyringChange.Change.Add _, KeyringChange.Change.Remove _ ->
              caller.is(Role.TENANT_ADMIN);
          case KeyringChange.Change.Set _,
              KeyringChange.Change.Rule _,
              KeyringChange.Change.Objection _ ->
              caller.is(Role.TENANT_ADMIN) || caller.is(Role.POLICY_ADMIN);
        };
  }
}
