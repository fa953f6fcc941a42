package org.openlockbox.gateway.testing;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// The consistency proof of RFC 6962 section 2.1.2, computed from all leaves.
public final class ConsistencyPath {
  private ConsistencyPath() {}

  public static List<Hash> between(long from, List<Hash> leaves) {
    return from == leaves.size() ? List.of() : path((int) from, leaves, true);
  }

  private static List<Hash> path(int from, List<Hash> leaves, boolean whole) {
    if (from == leaves.size()) {
      return whole ? List.of() : List.of(MerkleTree.rootOf(leaves));
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    List<Hash> left = leaves.subList(0, split);
    List<Hash> right = leaves.subList(split, leaves.size());
    List<Hash> hashes = new ArrayList<>();
    if (from <= split) {
      hashes.addAll(path(from, left, whole));
      hashes.add(MerkleTree.rootOf(right));
    } else {
      hashes.addAll(path(from - split, right, false));
      hashes.add(MerkleTree.rootOf(left));
    }
    return hashes;
  }
}
