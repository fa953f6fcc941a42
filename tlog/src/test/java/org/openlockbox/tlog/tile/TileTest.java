package org.openlockbox.tlog.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.tree.MerkleTree;
import org.openlockbox.tlog.tree.Trees;

class TileTest {
  @Test
  void batchesOfAnySizeMakeTheSameTiles() {
    var leaves = Trees.leaves(70_000);
    var whole = Trees.Store.of(leaves);
    var pieces = Trees.Store.of(List.of());
    var random = new Random(42);
    for (int at = 0; at < leaves.size(); ) {
      int end = Math.min(leaves.size(), at + 1 + random.nextInt(3000));
      pieces.append(leaves.subList(at, end));
      at = end;
    }
    assertThat(pieces.range).isEqualTo(whole.range);
    assertThat(pieces.tiles.keySet()).isEqualTo(whole.tiles.keySet());
    whole.tiles.forEach((key, bytes) -> assertThat(pieces.tiles.get(key)).isEqualTo(bytes));
  }

  /// The example of C2SP tlog-tiles: a tree of 70,000 leaves.
  @Test
  void seventyThousandLeavesFillTheTilesOfTheSpecification() {
    var leaves = Trees.leaves(70_000);
    var store = Trees.Store.of(leaves);
    assertThat(store.tiles).hasSize(274 + 2 + 1);
    assertThat(store.tile(0, 272)).hasSize(256 * 32);
    assertThat(store.tile(0, 273)).hasSize(112 * 32);
    assertThat(store.tile(1, 0)).hasSize(256 * 32);
    assertThat(store.tile(1, 1)).hasSize(17 * 32);
    assertThat(store.tile(2, 0)).hasSize(32);
    assertThat(TilePath.width(0, 273, 70_000)).isEqualTo(112);
    assertThat(TilePath.width(1, 1, 70_000)).isEqualTo(17);
    assertThat(TilePath.width(2, 0, 70_000)).isEqualTo(1);
    assertThat(TilePath.width(3, 0, 70_000)).isZero();
    assertThat(TilePath.width(0, 274, 70_000)).isZero();
    assertThat(TilePath.width(63, Long.MAX_VALUE, Long.MAX_VALUE)).isZero();
    for (int size : new int[] {256, 257, 65_535, 65_536, 65_537, 69_999, 70_000}) {
      var tree = new TileTree(store, size);
      var root = MerkleTree.rootOf(leaves.subList(0, size));
      assertThat(tree.root()).isEqualTo(root);
      for (int index : new int[] {0, 255, size / 3, size - 1}) {
        assertThat(tree.leaf(index)).isEqualTo(leaves.get(index));
        assertThat(tree.inclusion(index).proves(leaves.get(index), root)).isTrue();
      }
      var from = MerkleTree.rootOf(leaves.subList(0, 200));
      assertThat(tree.consistency(200).proves(from, root)).isTrue();
    }
  }

  @Test
  void appendingGoesOnFromTheRangeThatTilesGiveBack() {
    var leaves = Trees.leaves(1000);
    var store = Trees.Store.of(leaves.subList(0, 700));
    assertThat(new TileTree(store, 700).range()).isEqualTo(store.range);
  }

  @Test
  void aShortTileIsNoticed() {
    var store = Trees.Store.of(Trees.leaves(10));
    assertThatThrownBy(() -> new TileTree(store, 11).root())
        .isInstanceOf(MissingTile.class)
        .hasMessage("tile 0 of level 0 has 10 hashes, 11 are needed");
  }

  @Test
  void indexesOutsideTheTreeAreRefused() {
    var tree = new TileTree(Trees.Store.of(Trees.leaves(10)), 10);
    for (long index : new long[] {-1, 10, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> tree.inclusion(index)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> tree.consistency(11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tree.consistency(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TileTree((l, n) -> new byte[0], -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pathsReadBackAsTheyWereWritten() {
    for (var path :
        List.of(
            "tile/0/000",
            "tile/0/x001/x234/067",
            "tile/0/x001/234.p/12",
            "tile/1/999.p/255",
            "tile/63/000.p/1",
            "tile/entries/x273/001.p/112",
            "tile/entries/000")) {
      assertThat(TilePath.parse(path).format()).isEqualTo(path);
    }
    assertThat(TilePath.parse("tile/0/x001/x234/067")).isEqualTo(new TilePath(0, 1_234_067, 256));
    var largest = new TilePath(0, Long.MAX_VALUE, 256);
    assertThat(TilePath.parse(largest.format())).isEqualTo(largest);
  }

  @Test
  void everyOtherSpellingOfAPathIsRefused() {
    for (var path :
        List.of(
            "",
            "tile/",
            "/tile/0/000",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/0",
            "tile/0/1234",
            "tile/0/x000/001",
            "tile/0/001/234",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000/",
            "tile/0/../000",
            "tile/Entries/000",
            "tile/0/٠٠٠",
            "tile/0/" + "x999/".repeat(6) + "999",
            "tile/0/" + "x999/".repeat(100) + "999")) {
      assertThatThrownBy(() -> TilePath.parse(path))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aBundleIsLengthsAndEntries() {
    var bundle = HexFormat.of().parseHex("00036f6e65000374776f00057468726565");
    var entries = EntryBundle.decode(bundle);
    assertThat(entries.stream().map(e -> new String(e, StandardCharsets.UTF_8)))
        .containsExactly("one", "two", "three");
    assertThat(EntryBundle.encode(entries)).isEqualTo(bundle);
    assertThat(EntryBundle.prefix(bundle, 2)).isEqualTo(Arrays.copyOf(bundle, 10));
    assertThat(EntryBundle.decode(new byte[0])).isEmpty();
    assertThat(EntryBundle.decode(EntryBundle.encode(List.of(new byte[0], new byte[65_535]))))
        .hasSize(2);
  }

  @Test
  void aBrokenBundleIsRefused() {
    var bundle = HexFormat.of().parseHex("00036f6e65");
    for (int length = 1; length < bundle.length; length++) {
      var cut = Arrays.copyOf(bundle, length);
      assertThatThrownBy(() -> EntryBundle.decode(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> EntryBundle.prefix(bundle, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EntryBundle.decode(new byte[2 * 257]))
        .isInstanceOf(IllegalArgumentException.class);
    var many = new ArrayList<byte[]>();
    for (int i = 0; i < 257; i++) {
      many.add(new byte[0]);
    }
    assertThatThrownBy(() -> EntryBundle.encode(many)).isInstanceOf(IllegalArgumentException.class);
  }
}
