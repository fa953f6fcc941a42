package org.openlockbox.core.epoch;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;

/// Which witnesses are believed, and how many of them have to have cosigned a checkpoint. A witness
/// is its name; one with two keys counts once.
public record WitnessPolicy(int quorum, List<NoteVerifier> keys) {
  /// Nobody has to cosign.
  public static final WitnessPolicy NONE = new WitnessPolicy(0, List.of());

  public WitnessPolicy {
    keys = List.copyOf(keys);
    if (quorum < 0 || quorum > keys.stream().map(NoteVerifier::name).distinct().count()) {
      throw new IllegalArgumentException("a quorum of 0 up to the number of witnesses");
    }
    var points = keys.stream().map(key -> Bytes.of(key.typed())).distinct().count();
    if (points != keys.size()) {
      throw new IllegalArgumentException("a witness key twice");
    }
  }

  /// The latest time at which a quorum of the witnesses had cosigned the note; empty if there are
  /// fewer, or if a line of one of these keys is false.
  public Optional<Instant> witnessed(SignedNote note) {
    var times = new HashMap<String, Long>();
    for (var line : note.signatures()) {
      for (var key : keys) {
        if (!key.isNamedBy(line)) {
          continue;
        }
        long time = line.time();
        if (time <= 0 || !key.verifies(note.text(), line)) {
          return Optional.empty();
        }
        times.merge(key.name(), time, Math::max);
      }
    }
    return times.values().stream()
        .sorted(Comparator.reverseOrder())
        .skip(Math.max(0, quorum - 1))
        .findFirst()
        .filter(_ -> quorum > 0)
        .map(Instant::ofEpochSecond);
  }
}
