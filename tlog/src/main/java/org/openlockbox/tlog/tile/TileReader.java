package org.openlockbox.tlog.tile;

/// Where tiles come from: a table, a directory, another machine.
@FunctionalInterface
public interface TileReader {
  /// The hashes of tile `n` at `level`, one after another. May hold more hashes than the caller
  /// needs, because a partial tile is a byte prefix of every later state of it; an empty array when
  /// there is no such tile. Not trusted: whoever reads compares the resulting root with a signed
  /// checkpoint.
  byte[] tile(int level, long n);
}
