package org.openlockbox.tlog.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The claim that many leaves stand at `indexes` (ascending) in one tree of `size` leaves. It holds
/// only the hashes that cannot be computed from the leaves themselves: level by level from the
/// leaves up, in each level from left to right (docs/spec/log.md, section 4). Any values are
/// accepted here: a proof comes from somebody who may lie, and only [#proves] decides.
public record JointProof(long size, List<Long> indexes, List<Hash> hashes) {
  public JointProof {
    indexes = List.copyOf(indexes);
    hashes = List.copyOf(hashes);
  }

  /// True only if the tree with this root holds each leaf (given by its leaf hash) at exactly its
  /// index.
  public boolean proves(List<Hash> leaves, Hash root) {
    return root(leaves, (level, left, a, b) -> {}).filter(root::equals).isPresent();
  }

  /// The proof of one of these leaves alone, with the hashes that the others stand for. Empty if
  /// there is no such index, or this proof leads nowhere.
  public Optional<InclusionProof> alone(List<Hash> leaves, long index) {
    if (!indexes.contains(index)) {
      return Optional.empty();
    }
    var siblings = new ArrayList<Hash>();
    var root =
        root(
            leaves,
            (level, left, a, b) -> {
              long mine = index >> level;
              if (mine == left) {
                siblings.add(b);
              } else if (mine == left + 1) {
                siblings.add(a);
              }
            });
    return root.map(found -> new InclusionProof(index, size, siblings));
  }

  /// Sees every pair of neighbours that is hashed: the level, the left one's index, both hashes.
  private interface Pairs {
    void see(int level, long left, Hash a, Hash b);
  }

  private Optional<Hash> root(List<Hash> leaves, Pairs pairs) {
    if (!isPlausible(leaves.size())) {
      return Optional.empty();
    }
    var at = indexes.stream().mapToLong(Long::longValue).toArray();
    var nodes = leaves.toArray(new Hash[0]);
    var given = hashes.iterator();
    int count = nodes.length;
    int level = 0;
    for (long width = size; width > 1; width -= width >> 1) {
      int next = 0;
      for (int i = 0; i < count; i++) {
        long index = at[i];
        long left = index & ~1L;
        var node = nodes[i];
        if (left + 1 < width) {
          boolean neighbour = index == left && i + 1 < count && at[i + 1] == left + 1;
          if (!neighbour && !given.hasNext()) {
            return Optional.empty();
          }
          var other = neighbour ? nodes[++i] : given.next();
          var a = index == left ? node : other;
          var b = index == left ? other : node;
          pairs.see(level, left, a, b);
          node = MerkleTree.nodeHash(a, b);
        }
        at[next] = left >> 1;
        nodes[next++] = node;
      }
      count = next;
      level++;
    }
    return given.hasNext() ? Optional.empty() : Optional.of(nodes[0]);
  }

  private boolean isPlausible(int leaves) {
    long last = -1;
    for (long index : indexes) {
      if (index <= last) {
        return false;
      }
      last = index;
    }
    return last >= 0 && last < size && leaves == indexes.size();
  }

  /// One proof out of several, which are all for a tree of this size, in ascending order of index.
  /// The result proves what they prove together; throws `IllegalArgumentException` if one of them
  /// has too few hashes to be a proof.
  public static JointProof of(long size, List<InclusionProof> proofs) {
    var siblings = new HashMap<NodeAddress, Hash>();
    for (var proof : proofs) {
      put(proof, size, siblings);
    }
    var hashes = new ArrayList<Hash>();
    var indexes = proofs.stream().map(InclusionProof::index).toList();
    var at = indexes;
    int level = 0;
    for (long width = size; width > 1; width -= width >> 1) {
      var parents = new ArrayList<Long>();
      for (int i = 0; i < at.size(); i++) {
        long index = at.get(i);
        long other = index ^ 1;
        if (index < other && i + 1 < at.size() && at.get(i + 1) == other) {
          i++;
        } else if (other < width) {
          hashes.add(required(siblings.get(new NodeAddress(level, other))));
        }
        parents.add(index >> 1);
      }
      at = parents;
      level++;
    }
    return new JointProof(size, indexes, hashes);
  }

  private record NodeAddress(int level, long index) {}

  private static void put(InclusionProof proof, long size, Map<NodeAddress, Hash> siblings) {
    var given = proof.hashes().iterator();
    long index = proof.index();
    int level = 0;
    for (long width = size; width > 1; width -= width >> 1) {
      long other = index ^ 1;
      if (other < width && given.hasNext()) {
        siblings.put(new NodeAddress(level, other), given.next());
      }
      index >>= 1;
      level++;
    }
  }

  private static Hash required(@Nullable Hash hash) {
    if (hash == null) {
      throw new IllegalArgumentException("an inclusion proof has too few hashes");
    }
    return hash;
  }
}
