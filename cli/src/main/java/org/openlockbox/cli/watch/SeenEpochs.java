package org.openlockbox.cli.watch;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;

/// What a reader of one tenant's log remembers of the epoch log.
///
/// @param note the largest checkpoint of the epoch log that was believed
/// @param since when it was first seen, by this machine's clock
/// @param head how many entries the tenant's log had in its last epoch
/// @param waiting entries that no epoch had when they were read
record SeenEpochs(SignedNote note, Instant since, long head, Optional<AwaitedEpoch> waiting) {
  private static final String WHAT = "seen epochs";

  /// So many entries were read at this time, and an epoch has to have them all soon.
  record AwaitedEpoch(long entries, Instant since) {}

  static SeenEpochs parse(Json json) {
    var fields = Fields.of(json, WHAT);
    try {
      var seen =
          new SeenEpochs(
              SignedNote.parse(fields.multiline("note")),
              fields.instant("since"),
              fields.number("head"),
              fields.optionalObject("waiting").map(SeenEpochs::waiting));
      Checkpoint.parse(seen.note().text());
      fields.done();
      return seen;
    } catch (MalformedNote e) {
      throw new MalformedJson(WHAT + ": " + e.getMessage(), e);
    }
  }

  private static AwaitedEpoch waiting(Fields fields) {
    var waiting = new AwaitedEpoch(fields.number("entries"), fields.instant("since"));
    fields.done();
    return waiting;
  }

  Json.Object toJson() {
    var json = Json.object().put("note", note.format()).put("since", since).put("head", head);
    waiting.ifPresent(
        w ->
            json.put(
                "waiting",
                Json.object().put("entries", w.entries()).put("since", w.since()).build()));
    return json.build();
  }

  Checkpoint checkpoint() {
    return Checkpoint.parse(note.text());
  }

  /// The same after so many entries were read at this time.
  SeenEpochs read(long entries, Instant now) {
    var still = waiting.filter(w -> w.entries() > head);
    return new SeenEpochs(
        note,
        since,
        head,
        still.isPresent() || entries <= head ? still : Optional.of(new AwaitedEpoch(entries, now)));
  }
}
