package org.openlockbox.core.evidence;

import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.tlog.Hash;

/// An entry that is in the log, its SHA-256, and the keyring in force at its index.
record ProvenEntry(LogEntry entry, Hash sha256, Keyring keyring) {
  long seq() {
    return entry.seq();
  }
}
