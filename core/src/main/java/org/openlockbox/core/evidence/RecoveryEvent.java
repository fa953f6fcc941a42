package org.openlockbox.core.evidence;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.tlog.Hash;

/// The provider's admission that it lost entries which it had signed: the log had `lostSize`
/// entries with this root, and goes on from fewer. Signed like every entry by the checkpoint over
/// it, and reported by every verifier for ever.
public record RecoveryEvent(long lostSize, Hash lostRoot, String reason) implements EntryBody {
  static RecoveryEvent parse(Fields body) {
    return new RecoveryEvent(body.number("lostSize"), body.hash("lostRoot"), body.text("reason"));
  }

  @Override
  public EntryType type() {
    return EntryType.RECOVERY;
  }

  @Override
  public Json.Object toJson() {
    return Json.object()
        .put("lostSize", lostSize)
        .put("lostRoot", lostRoot)
        .put("reason", reason)
        .build();
  }
}
