package org.openlockbox.tlog.tile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;

/// A tree of a known size read through its tiles (C2SP tlog-tiles): makes roots and proofs and
/// reads each tile once. Not safe for use by several threads. Nothing it returns is more
/// trustworthy than the reader; compare [#root] with a checkpoint.
public final class TileTree {
  private static final int CACHED_TILES = 512;

  private record TilePosition(int level, long n) {}

  private final TileReader reader;
  private final long size;
  private final Map<TilePosition, TileNodes> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePosition, TileNodes> eldest) {
          return size() > CACHED_TILES;
        }
      };

  public TileTree(TileReader reader, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("a tree cannot have " + size + " leaves");
    }
    this.reader = reader;
    this.size = size;
  }

  public long size() {
    return size;
  }

  /// Leaf hash at `index`.
  public Hash leaf(long index) {
    checkLeaf(index);
    return node(0, index);
  }

  public Hash root() {
    return range().root();
  }

  /// What is needed to go on appending.
  public CompactRange range() {
    return CompactRange.of(size, subtrees(0, size));
  }

  /// RFC 6962 section 2.1.1, `PATH(index, D[size])`.
  public InclusionProof inclusion(long index) {
    checkLeaf(index);
    var path = new ArrayList<Hash>();
    long start = 0;
    long end = size;
    while (end - start > 1) {
      long split = start + split(end - start);
      if (index < split) {
        path.addFirst(root(split, end));
        end = split;
      } else {
        path.addFirst(root(start, split));
        start = split;
      }
    }
    return new InclusionProof(index, size, path);
  }

  /// RFC 6962 section 2.1.2, `PROOF(from, D[size])`; empty when `from` is 0 or the whole size.
  public ConsistencyProof consistency(long from) {
    if (from < 0 || from > size) {
      throw new IllegalArgumentException(
          "a tree of %d leaves does not extend one of %d".formatted(size, from));
    }
    var path = new ArrayList<Hash>();
    if (from == 0 || from == size) {
      return new ConsistencyProof(from, size, path);
    }
    long start = 0;
    long end = size;
    while (end != from) {
      long split = start + split(end - start);
      if (from <= split) {
        path.addFirst(root(split, end));
        end = split;
      } else {
        path.addFirst(root(start, split));
        start = split;
      }
    }
    if (start != 0) {
      path.addFirst(root(start, end));
    }
    return new ConsistencyProof(from, size, path);
  }

  private void checkLeaf(long index) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "a tree of %d leaves has no leaf %d".formatted(size, index));
    }
  }

  /// The largest power of two smaller than `width`.
  private static long split(long width) {
    return Long.highestOneBit(width - 1);
  }

  /// `MTH(D[start:end])` where `start` is a multiple of the power of two that covers the width.
  private Hash root(long start, long end) {
    return CompactRange.of(end - start, subtrees(start, end)).root();
  }

  private List<Hash> subtrees(long start, long end) {
    var roots = new ArrayList<Hash>();
    long at = start;
    while (at < end) {
      int height = 63 - Long.numberOfLeadingZeros(end - at);
      roots.add(node(height, at >> height));
      at += 1L << height;
    }
    return roots;
  }

  /// Root of the perfect subtree that covers leaves `index << height` up to the next.
  private Hash node(int height, long index) {
    int level = height / TileNodes.HEIGHT;
    int inTile = height % TileNodes.HEIGHT;
    long n = index >> (TileNodes.HEIGHT - inTile);
    int first = (int) (index & ((1L << (TileNodes.HEIGHT - inTile)) - 1));
    return tile(level, n).node(inTile, first);
  }

  private TileNodes tile(int level, long n) {
    return cache.computeIfAbsent(
        new TilePosition(level, n),
        p -> {
          int width = TilePath.width(level, n, size);
          return TileNodes.read(level, n, width, reader.tile(level, n));
        });
  }
}
