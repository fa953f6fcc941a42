package org.openlockbox.core.evidence;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.Hash;

/// A `.proof` file: the index and hash lines of a C2SP tlog-proof, without its header and its
/// checkpoint, which a bundle holds once for all.
final class ProofFile {
  private static final int MOST_HASHES = 63;

  private ProofFile() {}

  static Bytes write(long index, List<Hash> hashes) {
    var text = new StringBuilder("index ").append(index).append('\n');
    hashes.forEach(hash -> text.append(hash.base64()).append('\n'));
    return Bytes.ofUtf8(text.toString());
  }

  static List<Hash> read(String path, long index, Bytes file) {
    try {
      var lines = List.of(file.utf8().split("\n"));
      if (lines.size() > MOST_HASHES + 1) {
        throw new Unproven(path, "more hashes than any proof has");
      }
      var hashes = lines.subList(1, lines.size()).stream().map(Hash::ofBase64).toList();
      if (!write(index, hashes).equals(file)) {
        throw new Unproven(path, "not a proof as it is written");
      }
      return hashes;
    } catch (MalformedJson | IllegalArgumentException e) {
      throw new Unproven(path, "not a proof: " + e.getMessage());
    }
  }
}
