package org.openlockbox.core.log;

import java.util.List;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.JointProof;
import org.openlockbox.tlog.tree.MerkleTree;

/// How entries are shown to be in the tree of a checkpoint: each with a proof of its own, or all by
/// one joint proof.
public sealed interface Inclusion {
  /// Throws [Unproven] unless each of the entries is in that tree at exactly its `seq`.
  void require(Checkpoint checkpoint, List<Leaf> leaves);

  /// An entry's place and leaf hash.
  record Leaf(long seq, Hash hash) {
    static Leaf of(LogEntry entry, byte[] bytes) {
      return new Leaf(entry.seq(), MerkleTree.leafHash(bytes));
    }
  }

  /// The proof of the first entry, of the second, and so on.
  record Each(List<List<Hash>> proofs) implements Inclusion {
    public Each {
      proofs = List.copyOf(proofs);
    }

    @Override
    public void require(Checkpoint checkpoint, List<Leaf> leaves) {
      for (int i = 0; i < leaves.size(); i++) {
        var leaf = leaves.get(i);
        var proof = new InclusionProof(leaf.seq(), checkpoint.size(), proofs.get(i));
        if (!proof.proves(leaf.hash(), checkpoint.root())) {
          throw Unproven.at(leaf.seq(), "not in the log that the checkpoint describes");
        }
      }
    }
  }

  /// The hashes of one [JointProof] of all entries.
  record Joint(List<Hash> hashes) implements Inclusion {
    public Joint {
      hashes = List.copyOf(hashes);
    }

    @Override
    public void require(Checkpoint checkpoint, List<Leaf> leaves) {
      var indexes = leaves.stream().map(Leaf::seq).toList();
      var proof = new JointProof(checkpoint.size(), indexes, hashes);
      if (!proof.proves(leaves.stream().map(Leaf::hash).toList(), checkpoint.root())) {
        throw new Unproven(
            "entries", "with proof.txt they do not make the root that the checkpoint names");
      }
    }
  }
}
