package org.openlockbox.server.log.entry;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.NoteSignature;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;

/// A signed checkpoint as the database keeps it: its size and root, and the bytes of its signature
/// lines. Base64, the origin and the names of the keys, which are the origin too, are put back when
/// it is read. A row is a third smaller than the note and lies in one piece, and so costs a third
/// to replace.
public record StoredCheckpoint(long size, Hash root, Bytes signatures) {
  public static StoredCheckpoint of(Checkpoint checkpoint, List<NoteSignature> lines) {
    if (!lines.stream().allMatch(line -> line.name().equals(checkpoint.origin()))) {
      throw new IllegalArgumentException("a log signs its checkpoints under its own name");
    }
    return new StoredCheckpoint(
        checkpoint.size(),
        checkpoint.root(),
        Bytes.of(
            BatchBytes.ofEntries(lines.stream().map(line -> Bytes.of(line.bytes())).toList())));
  }

  SignedNote note(String origin) {
    return new SignedNote(
        new Checkpoint(origin, size, root).format(),
        BatchBytes.entries(0, signatures.toArray()).stream()
            .map(line -> NoteSignature.of(origin, line.bytes().toArray()))
            .toList());
  }
}
