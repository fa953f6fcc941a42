package org.openlockbox.tlog.tree;

import java.util.List;

/// The claim that one leaf stands at `index` in a tree of `size` leaves, with the sibling hashes
/// from the leaf up. Any values are accepted here: a proof comes from somebody who may lie, and
/// only [#proves] decides.
public record InclusionProof(long index, long size, List<Hash> hashes) {
  public InclusionProof {
    hashes = List.copyOf(hashes);
  }

  /// RFC 9162 section 2.1.3.2. True only if the tree with this root holds the leaf (given by its
  /// leaf hash) at exactly this index.
  public boolean proves(Hash leaf, Hash root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long fn = index;
    long sn = size - 1;
    var r = leaf;
    for (var p : hashes) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = MerkleTree.nodeHash(p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        r = MerkleTree.nodeHash(r, p);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && r.equals(root);
  }
}
