package org.openlockbox.tlog.tree;

import java.util.ArrayList;
import java.util.List;

/// A whole tree in memory, built at once over a fixed list of leaf hashes, with every node kept: n
/// leaves cost n - 1 hashes, a proof none. The same root and proofs as [TileTree].
public final class VectorTree {
  /// The leaves, then what each pair of the level below makes; a node without a neighbour rises.
  private final List<Hash[]> levels = new ArrayList<>();

  private VectorTree(Hash[] leaves) {
    var level = leaves;
    levels.add(level);
    while (level.length > 1) {
      var above = new Hash[(level.length + 1) / 2];
      for (int i = 0; i < above.length; i++) {
        above[i] =
            2 * i + 1 < level.length
                ? MerkleTree.nodeHash(level[2 * i], level[2 * i + 1])
                : level[2 * i];
      }
      level = above;
      levels.add(level);
    }
  }

  public static VectorTree over(List<Hash> leaves) {
    return new VectorTree(leaves.toArray(new Hash[0]));
  }

  public int size() {
    return levels.getFirst().length;
  }

  public Hash root() {
    return size() == 0 ? MerkleTree.emptyRoot() : levels.getLast()[0];
  }

  /// Throws [IndexOutOfBoundsException] for a leaf that is not there.
  public InclusionProof inclusion(int index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException(index);
    }
    var hashes = new ArrayList<Hash>();
    int at = index;
    for (var level : levels.subList(0, levels.size() - 1)) {
      int neighbour = at ^ 1;
      if (neighbour < level.length) {
        hashes.add(level[neighbour]);
      }
      at >>= 1;
    }
    return new InclusionProof(index, size(), hashes);
  }
}
