package org.openlockbox.tlog.tile;

import org.jspecify.annotations.Nullable;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// One tile in memory: up to 256 hashes of its level, and those nodes of the seven levels above
/// that somebody asked for.
final class TileNodes {
  /// Levels of the tree in one tile.
  static final int HEIGHT = 8;

  /// Hashes in a full tile.
  static final int WIDTH = 1 << HEIGHT;

  private final int width;
  private final @Nullable Hash[][] nodes = new @Nullable Hash[HEIGHT][];

  private TileNodes(int width) {
    this.width = width;
    for (int height = 0; height < HEIGHT; height++) {
      nodes[height] = new @Nullable Hash[width >> height];
    }
  }

  static TileNodes read(int level, long n, int width, byte[] bytes) {
    if (bytes.length < width * Hash.LENGTH) {
      throw new MissingTile(level, n, width, bytes.length / Hash.LENGTH);
    }
    var tile = new TileNodes(width);
    for (int i = 0; i < width; i++) {
      tile.nodes[0][i] = Hash.at(bytes, i * Hash.LENGTH);
    }
    return tile;
  }

  /// The node `index` at `height` above the tile's own level. The caller asks only for perfect
  /// subtrees inside the tree, which the tile holds by construction.
  Hash node(int height, int index) {
    if (index >= width >> height) {
      throw new IllegalArgumentException(
          "a tile of width %d has no node %d at height %d".formatted(width, index, height));
    }
    var known = nodes[height][index];
    if (known != null) {
      return known;
    }
    var made = MerkleTree.nodeHash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1));
    nodes[height][index] = made;
    return made;
  }
}
