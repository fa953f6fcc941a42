package org.openlockbox.tlog.tree;

import java.util.List;

/// The claim that the tree of `from` leaves is the beginning of the tree of `to` leaves. Any values
/// are accepted here: a proof comes from somebody who may lie, and only [#proves] decides.
public record ConsistencyProof(long from, long to, List<Hash> hashes) {
  public ConsistencyProof {
    hashes = List.copyOf(hashes);
  }

  /// RFC 9162 section 2.1.4.2, with the rule of C2SP tlog-witness for the empty tree: everything
  /// extends it, by an empty proof, and its root must be the hash of nothing.
  public boolean proves(Hash fromRoot, Hash toRoot) {
    if (from < 0 || from > to) {
      return false;
    }
    if (from == 0) {
      return hashes.isEmpty()
          && fromRoot.equals(MerkleTree.emptyRoot())
          && (to != 0 || toRoot.equals(fromRoot));
    }
    if (from == to) {
      return hashes.isEmpty() && fromRoot.equals(toRoot);
    }
    return climbs(fromRoot, toRoot);
  }

  private boolean climbs(Hash fromRoot, Hash toRoot) {
    // A perfect old tree is a node of the new one, so its root is not repeated in the proof.
    boolean perfect = Long.bitCount(from) == 1;
    if (!perfect && hashes.isEmpty()) {
      return false;
    }
    int shift = Long.numberOfTrailingZeros(from);
    long fn = (from - 1) >> shift;
    long sn = (to - 1) >> shift;
    var first = perfect ? fromRoot : hashes.getFirst();
    var fr = first;
    var sr = first;
    for (var c : hashes.subList(perfect ? 0 : 1, hashes.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = MerkleTree.nodeHash(c, fr);
        sr = MerkleTree.nodeHash(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = MerkleTree.nodeHash(sr, c);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && fr.equals(fromRoot) && sr.equals(toRoot);
  }
}
