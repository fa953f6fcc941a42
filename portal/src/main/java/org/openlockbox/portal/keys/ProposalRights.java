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
  public static void need(Caller caller, KeyringChange.Edit change) {
    if (!may(caller, change)) {
      throw Problem.roleCannot("your role cannot propose such a change");
    }
  }

  /// Whether the role of the caller can propose such a change.
  public static boolean may(Caller caller, KeyringChange.Edit change) {
    return caller.is(Role.APPROVER)
        || switch (change) {
          case KeyringChange.Edit.AddKey _, KeyringChange.Edit.RemoveKey _ ->
              caller.is(Role.TENANT_ADMIN);
          case KeyringChange.Edit.ReplaceSettings _,
              KeyringChange.Edit.ReplacePolicy _,
              KeyringChange.Edit.ObjectToAuthority _ ->
              caller.is(Role.TENANT_ADMIN) || caller.is(Role.POLICY_ADMIN);
        };
  }
}
