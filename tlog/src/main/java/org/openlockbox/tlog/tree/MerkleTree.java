package org.openlockbox.tlog.tree;

import java.util.List;

/// The hash functions of a Merkle tree as in RFC 6962 section 2.1 (RFC 9162 section 2.1.1). Pure
/// functions; everything else in this package is built from these three.
public final class MerkleTree {
  private static final byte[] LEAF = {0x00};
  private static final byte NODE = 0x01;
  private static final Hash EMPTY = Hash.sha256();

  private MerkleTree() {}

  /// `MTH({})`: SHA-256 of nothing.
  public static Hash emptyRoot() {
    return EMPTY;
  }

  /// `SHA-256(0x00 || data)`.
  public static Hash leafHash(byte[] data) {
    return Hash.sha256(LEAF, data);
  }

  /// `SHA-256(0x01 || left || right)`.
  public static Hash nodeHash(Hash left, Hash right) {
    return Hash.sha256(NODE, left, right);
  }

  /// Root of the tree over these leaf hashes.
  public static Hash rootOf(List<Hash> leaves) {
    var range = CompactRange.empty();
    for (var leaf : leaves) {
      range = range.append(leaf);
    }
    return range.root();
  }
}
