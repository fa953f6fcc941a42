package org.openlockbox.core.log;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.tree.Hash;

/// An entry's bytes with the inclusion hashes that lead from its leaf to a checkpoint's root, the
/// leaf's sibling first. A claim, until [History] has checked it.
public record LoggedEntry(Bytes entry, List<Hash> proof) {
  public LoggedEntry {
    proof = List.copyOf(proof);
  }
}
