package org.openlockbox.tlog.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.tlog.tile.TileReader;
import org.openlockbox.tlog.tile.TileWriter;

/// Logs in memory for tests: leaves, and the tiles that [TileWriter] makes of them.
public final class Trees {
  private Trees() {}

  /// Leaf hashes of the one-byte leaves 0, 1, 2, …
  public static List<Hash> leaves(int count) {
    var leaves = new ArrayList<Hash>();
    for (int i = 0; i < count; i++) {
      leaves.add(MerkleTree.leafHash(new byte[] {(byte) i, (byte) (i >> 8)}));
    }
    return leaves;
  }

  /// RFC 6962 section 2.1 word for word, as the yardstick.
  public static Hash mth(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return MerkleTree.emptyRoot();
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    return MerkleTree.nodeHash(mth(leaves.subList(0, k)), mth(leaves.subList(k, leaves.size())));
  }

  /// A store that only ever appends to tiles.
  public static final class Store implements TileReader {
    public final Map<String, byte[]> tiles = new HashMap<>();
    public CompactRange range = CompactRange.empty();

    private Store() {}

    public static Store of(List<Hash> leaves) {
      var store = new Store();
      store.append(leaves);
      return store;
    }

    public void append(List<Hash> leaves) {
      var appended = TileWriter.append(range, leaves);
      for (var growth : appended.growth()) {
        var old = tile(growth.level(), growth.n());
        if (old.length != growth.offset() * Hash.LENGTH) {
          throw new IllegalStateException("growth does not join the stored tile: " + growth);
        }
        var all = Arrays.copyOf(old, growth.width() * Hash.LENGTH);
        System.arraycopy(growth.bytes(), 0, all, old.length, growth.bytes().length);
        tiles.put(key(growth.level(), growth.n()), all);
      }
      range = appended.range();
    }

    @Override
    public byte[] tile(int level, long n) {
      return tiles.getOrDefault(key(level, n), new byte[0]);
    }

    private static String key(int level, long n) {
      return level + "/" + n;
    }
  }
}
