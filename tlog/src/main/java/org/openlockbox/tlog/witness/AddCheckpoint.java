package org.openlockbox.tlog.witness;

import java.util.List;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;

/// What a log sends to `add-checkpoint`: the size that it believes the witness cosigned last, the
/// proof from there, and its new checkpoint. `format(parse(x))` equals `x`.
public record AddCheckpoint(long old, List<Hash> proof, SignedNote note) {
  /// Longest body that is read.
  public static final int MAX_BYTES = SignedNote.MAX_BYTES + 5_000;

  private static final int MAX_HASHES = 63;

  public AddCheckpoint {
    proof = List.copyOf(proof);
    if (old < 0 || proof.size() > MAX_HASHES) {
      throw new IllegalArgumentException("an old size is not negative, a proof at most 63 hashes");
    }
  }

  /// Throws [MalformedNote] or another [IllegalArgumentException] if it is anything else.
  public static AddCheckpoint parse(String body) {
    int end = body.indexOf("\n\n");
    if (body.length() > MAX_BYTES || !body.startsWith("old ") || end < 0) {
      throw new IllegalArgumentException("a body begins with 'old <size>' and has a checkpoint");
    }
    var lines = List.of(body.substring(0, end).split("\n", -1));
    var parsed =
        new AddCheckpoint(
            Long.parseLong(lines.getFirst().substring("old ".length())),
            lines.stream().skip(1).map(Hash::ofBase64).toList(),
            SignedNote.parse(body.substring(end + 2)));
    if (!parsed.format().equals(body)) {
      throw new IllegalArgumentException("a second spelling");
    }
    return parsed;
  }

  public String format() {
    var text = new StringBuilder("old ").append(old).append('\n');
    for (var hash : proof) {
      text.append(hash.base64()).append('\n');
    }
    return text.append('\n').append(note.format()).toString();
  }

  /// Whether the proof leads from the old root to this checkpoint.
  boolean continues(Hash oldRoot, Checkpoint checkpoint) {
    return new ConsistencyProof(old, checkpoint.size(), proof).proves(oldRoot, checkpoint.root());
  }
}
