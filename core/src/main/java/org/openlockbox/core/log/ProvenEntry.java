package org.openlockbox.core.log;

import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.tlog.tree.Hash;

/// An entry that is in the log, its SHA-256, and the keyring in force at its index.
public record ProvenEntry(LogEntry entry, Hash sha256, Keyring keyring) {
  public long seq() {
    return entry.seq();
  }
}
