package org.openlockbox.server.log.entry;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.NewerVersion;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tree.Hash;

/// An entry as it stands in the log: its index and its exact bytes (the leaf's data).
public record StoredEntry(long seq, Bytes bytes) {
  /// How the canonical form of an entry ends, after its type.
  private static final String END = ",\"v\":1}";

  /// Throws [Problem] if the stored bytes are no entry: that is never the caller's fault.
  public LogEntry read() {
    try {
      return LogEntry.parse(bytes);
    } catch (NewerVersion e) {
      throw Problem.newerRelease("entry %d of the log: %s".formatted(seq, e.getMessage()));
    } catch (MalformedJson | IllegalArgumentException e) {
      throw Problem.damaged(
          "entry %d of the log cannot be read: %s".formatted(seq, e.getMessage()));
    }
  }

  /// Whether it may be of this type, by how its bytes end; nothing else of it is read. Where this
  /// is false, no reader takes it for one of that type. What ends as no entry of this version does
  /// may be anything: [#read] says what is wrong with it.
  public boolean mayBe(EntryType type) {
    return !endsWith(END) || endsWith("\"type\":\"" + type.word() + "\"" + END);
  }

  private boolean endsWith(String text) {
    int from = bytes.size() - text.length();
    return from >= 0 && bytes.slice(from, bytes.size()).equals(Bytes.ofUtf8(text));
  }

  public Hash sha256() {
    return bytes.sha256();
  }

  public Json.Object toJson() {
    return Json.object().put("seq", seq).put("entry", bytes).build();
  }
}
