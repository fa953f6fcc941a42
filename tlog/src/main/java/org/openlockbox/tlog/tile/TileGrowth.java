package org.openlockbox.tlog.tile;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.openlockbox.tlog.tree.Hash;

/// Hashes to add at the end of tile `n` of `level`, which holds `offset` hashes until then. The
/// bytes already stored never change: a partial tile is a byte prefix of the full one.
public record TileGrowth(int level, long n, int offset, List<Hash> added) {
  public TileGrowth {
    added = List.copyOf(added);
    if (offset < 0 || added.isEmpty() || offset + added.size() > TileNodes.WIDTH) {
      throw new IllegalArgumentException(
          "%d hashes do not fit into a tile at %d".formatted(added.size(), offset));
    }
  }

  /// Number of hashes in the tile afterwards.
  public int width() {
    return offset + added.size();
  }

  /// The bytes to append.
  public byte[] bytes() {
    var out = new ByteArrayOutputStream(added.size() * Hash.LENGTH);
    for (var hash : added) {
      out.writeBytes(hash.bytes());
    }
    return out.toByteArray();
  }
}
