package org.openlockbox.server.epoch;

import java.util.List;
import java.util.stream.IntStream;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.epoch.EpochStatement;
import org.openlockbox.core.epoch.HeadLeaf;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.VectorTree;

/// The heads of all slots in one epoch and the tree over them. Every leaf is hashed anew each
/// epoch, because every salt is another: that is what keeps a neighbour from seeing who was idle.
record Vector(long epoch, List<EpochSlot> slots, VectorTree tree) {
  Vector {
    slots = List.copyOf(slots);
  }

  /// What stands at one slot; its index in the list is its number.
  record EpochSlot(LogOrigin origin, Bytes headSecret, long size, Hash root) {
    HeadLeaf leaf(long epoch, long slot) {
      return new HeadLeaf(epoch, slot, HeadLeaf.salt(headSecret, epoch), origin, size, root);
    }
  }

  static Vector of(long epoch, List<EpochSlot> slots) {
    var leaves =
        IntStream.range(0, slots.size())
            .parallel()
            .mapToObj(slot -> slots.get(slot).leaf(epoch, slot).hash())
            .toList();
    return new Vector(epoch, slots, VectorTree.over(leaves));
  }

  EpochStatement statement() {
    return new EpochStatement(epoch, slots.size(), tree.root());
  }

  HeadLeaf head(int slot) {
    return slots.get(slot).leaf(epoch, slot);
  }
}
