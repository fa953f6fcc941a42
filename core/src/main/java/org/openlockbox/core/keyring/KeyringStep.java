package org.openlockbox.core.keyring;

import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.Hash;

/// One keyring entry of a tenant's log: where it stands, what was signed, and the SHA-256 of the
/// whole entry, which the next step names.
public record KeyringStep(long index, Kind kind, Envelope envelope, Hash entry) {
  /// Which of the five entry types it is.
  public enum Kind {
    GENESIS,
    KEY_ADD,
    KEY_REMOVE,
    SETTINGS,
    POLICY
  }
}
