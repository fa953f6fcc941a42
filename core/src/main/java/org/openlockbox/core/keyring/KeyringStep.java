package org.openlockbox.core.keyring;

import java.time.Instant;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.tree.Hash;

/// One keyring entry of a tenant's log: where it stands, what was signed, the SHA-256 of the whole
/// entry, which the tenant's next step names, and the entry's time.
public record KeyringStep(
    long index, KeyringStepKind kind, Envelope envelope, Hash entry, Instant time) {
  /// Which of the entry types it is. The last three are the provider's, all others the tenant's.
  public enum KeyringStepKind {
    GENESIS,
    KEY_ADD,
    KEY_REMOVE,
    SETTINGS,
    POLICY,
    GATEWAY_AUTHORITY_OBJECT,
    GATEWAY_AUTHORITY,
    GATEWAY_REVOKE,
    LOG_KEYS;

    /// The type of the entry in which this change stands.
    public static KeyringStepKind of(KeyringChange.Edit change) {
      return switch (change) {
        case KeyringChange.Edit.AddKey _ -> KEY_ADD;
        case KeyringChange.Edit.RemoveKey _ -> KEY_REMOVE;
        case KeyringChange.Edit.ReplaceSettings _ -> SETTINGS;
        case KeyringChange.Edit.ReplacePolicy _ -> POLICY;
        case KeyringChange.Edit.ObjectToAuthority _ -> GATEWAY_AUTHORITY_OBJECT;
      };
    }
  }

  /// Whether the tenant signed it, and not the gateway authority or the log's keys.
  public boolean isOfTenant() {
    return switch (kind) {
      case GENESIS, KEY_ADD, KEY_REMOVE, SETTINGS, POLICY, GATEWAY_AUTHORITY_OBJECT -> true;
      case GATEWAY_AUTHORITY, GATEWAY_REVOKE, LOG_KEYS -> false;
    };
  }
}
