package org.openlockbox.core.log;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.tlog.tree.Hash;

/// The provider's admission that it lost what it had signed: a log had `lostSize` entries with this
/// root, and goes on without them. Signed like every entry by the checkpoint over it, and reported
/// by every verifier for ever.
public sealed interface RecoveryEvent extends EntryBody {
  long lostSize();

  Hash lostRoot();

  String reason();

  /// The tenant's own log goes on from fewer entries: from this one.
  record EntriesLost(long lostSize, Hash lostRoot, String reason) implements RecoveryEvent {
    @Override
    public Json.Object toJson() {
      return members(this).build();
    }
  }

  /// The epoch log goes on under the name of this generation. From this entry on no epoch of an
  /// earlier one is to be believed.
  record EpochsLost(int generation, long lostSize, Hash lostRoot, String reason)
      implements RecoveryEvent {
    private static final String LABEL = "lockbox/epochs/v1";

    @Override
    public Json.Object toJson() {
      return members(this).put("epochs", generation).build();
    }

    /// The first entry of the epoch log that goes on: all tenants' entries have to say the same of
    /// what was lost, because there is one log.
    public String opening() {
      return "%s\n%d\n%d\n%s\n".formatted(LABEL, generation, lostSize, lostRoot.base64());
    }

    /// The epoch log to believe from this entry on. Throws [Unproven] if that is no later one.
    public EpochLog after(EpochLog before, long seq) {
      if (generation <= before.generation()) {
        throw Unproven.at(
            seq,
            "the epoch log goes on under a name that it had before: generation %d after %d"
                .formatted(generation, before.generation()));
      }
      return before.at(generation);
    }
  }

  static RecoveryEvent parse(Fields body) {
    long lostSize = body.number("lostSize");
    var lostRoot = body.hash("lostRoot");
    var reason = body.text("reason");
    if (!body.has("epochs")) {
      return new EntriesLost(lostSize, lostRoot, reason);
    }
    int generation = body.count("epochs");
    if (generation < 2) {
      throw body.fault("the epoch log goes on as its second generation or a later one");
    }
    return new EpochsLost(generation, lostSize, lostRoot, reason);
  }

  @Override
  default EntryType type() {
    return EntryType.RECOVERY;
  }

  private static JsonObjectBuilder members(RecoveryEvent event) {
    return Json.object()
        .put("lostSize", event.lostSize())
        .put("lostRoot", event.lostRoot())
        .put("reason", event.reason());
  }
}
