package org.openlockbox.tlog.tile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;

/// Turns appended leaves into the tile bytes to store. It needs only the [CompactRange] of the tree
/// so far, never an old tile: a node enters a tile when an appended leaf completes a perfect
/// subtree whose height is a multiple of 8. Pure: nothing has happened until the caller stores the
/// result, all of it in one transaction.
public final class TileWriter {
  private TileWriter() {}

  /// The tree after an append, and by how much each touched tile grows (lower levels and lower
  /// numbers first).
  public record TreeGrowth(CompactRange range, List<TileGrowth> growth) {
    public TreeGrowth {
      growth = List.copyOf(growth);
    }
  }

  /// Appends leaves, given by their leaf hashes, in this order.
  public static TreeGrowth append(CompactRange before, List<Hash> leaves) {
    var stack = new ArrayList<>(before.hashes());
    Map<Integer, List<Hash>> byLevel = new LinkedHashMap<>();
    long size = before.size();
    for (var leaf : leaves) {
      CompactRange.push(
          stack,
          size,
          leaf,
          (height, hash) -> {
            if (height % TileNodes.HEIGHT == 0) {
              byLevel
                  .computeIfAbsent(height / TileNodes.HEIGHT, level -> new ArrayList<>())
                  .add(hash);
            }
          });
      size = Math.addExact(size, 1);
    }
    var growth = new ArrayList<TileGrowth>();
    byLevel.forEach(
        (level, hashes) -> cut(level, before.size() >> (level * TileNodes.HEIGHT), hashes, growth));
    return new TreeGrowth(CompactRange.of(size, stack), growth);
  }

  /// Cuts the new hashes of one level, of which the first has number `start`, at tile borders.
  private static void cut(int level, long start, List<Hash> hashes, List<TileGrowth> growth) {
    int done = 0;
    while (done < hashes.size()) {
      long at = start + done;
      int offset = (int) (at % TileNodes.WIDTH);
      int end = Math.min(hashes.size(), done + TileNodes.WIDTH - offset);
      growth.add(new TileGrowth(level, at / TileNodes.WIDTH, offset, hashes.subList(done, end)));
      done = end;
    }
  }
}
