package org.openlockbox.tlog.tree;

import java.util.ArrayList;
import java.util.List;

/// All that must be remembered of a tree to append to it: the roots of its perfect subtrees, from
/// the left (largest) to the right (smallest), one for each 1 bit of its size. Immutable. Any two
/// ranges made by appending the same leaves are equal.
public record CompactRange(long size, List<Hash> hashes) {
  private static final CompactRange EMPTY = new CompactRange(0, List.of());

  public CompactRange {
    hashes = List.copyOf(hashes);
    if (size < 0) {
      throw new IllegalArgumentException("a tree cannot have " + size + " leaves");
    }
    if (hashes.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "a tree of %d leaves has %d perfect subtrees, not %d"
              .formatted(size, Long.bitCount(size), hashes.size()));
    }
  }

  public static CompactRange empty() {
    return EMPTY;
  }

  /// Restores a range that was stored before. The hashes are taken as they are: compare [#root]
  /// with a signed checkpoint when the store is not trusted.
  public static CompactRange of(long size, List<Hash> hashes) {
    return new CompactRange(size, hashes);
  }

  /// The range of the tree with one more leaf (given by its leaf hash).
  public CompactRange append(Hash leaf) {
    var stack = new ArrayList<>(hashes);
    push(stack, size, leaf, (height, hash) -> {});
    return new CompactRange(Math.addExact(size, 1), stack);
  }

  /// RFC 6962 root of the whole tree; the hash of nothing for an empty one.
  public Hash root() {
    if (size == 0) {
      return MerkleTree.emptyRoot();
    }
    var root = hashes.getLast();
    for (int i = hashes.size() - 2; i >= 0; i--) {
      root = MerkleTree.nodeHash(hashes.get(i), root);
    }
    return root;
  }

  /// Told of each perfect subtree that an appended leaf completes, the leaf itself first.
  public interface SubtreeListener {
    void subtree(int height, Hash hash);
  }

  /// Adds one leaf to the subtree roots of a tree of `size` leaves: like adding 1 in binary, each
  /// carry joins the two youngest subtrees.
  public static void push(List<Hash> stack, long size, Hash leaf, SubtreeListener completed) {
    var hash = leaf;
    completed.subtree(0, hash);
    int carries = Long.numberOfTrailingZeros(~size);
    for (int height = 1; height <= carries; height++) {
      hash = MerkleTree.nodeHash(stack.removeLast(), hash);
      completed.subtree(height, hash);
    }
    stack.add(hash);
  }
}
