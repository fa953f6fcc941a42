package org.openlockbox.server.log;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.evidence.LogEntry;
import org.openlockbox.tlog.Hash;

/// An entry as it stands in the log: its index and its exact bytes (the leaf's data).
public record StoredEntry(long seq, Bytes bytes) {
  public LogEntry read() {
    return LogEntry.parse(bytes);
  }

  public Hash sha256() {
    return bytes.sha256();
  }

  public Json.Object toJson() {
    return Json.object().put("seq", seq).put("entry", bytes).build();
  }
}
