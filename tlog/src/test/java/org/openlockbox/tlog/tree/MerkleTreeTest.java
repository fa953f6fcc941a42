package org.openlockbox.tlog.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Reference values of transparency-dev/merkle (rfc6962_test, the 8-leaf tree).
class MerkleTreeTest {
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");
  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void leavesAndNodesHaveTheirOwnPrefix() {
    assertThat(MerkleTree.leafHash("L123456".getBytes(UTF_8)).hex())
        .isEqualTo("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    assertThat(MerkleTree.leafHash(new byte[0]).hex())
        .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    // node("N123", "N456") of the reference uses strings that are no hashes.
    assertThat(Hash.sha256(new byte[] {1}, "N123".getBytes(UTF_8), "N456".getBytes(UTF_8)).hex())
        .isEqualTo("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  }

  @Test
  void theEmptyTreeHasTheHashOfNothing() {
    assertThat(MerkleTree.rootOf(List.of()).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(CompactRange.empty().root()).isEqualTo(MerkleTree.emptyRoot());
  }

  @Test
  void theEightLeafTreeHasTheReferenceRoots() {
    var leaves = LEAVES.stream().map(HexFormat.of()::parseHex).map(MerkleTree::leafHash).toList();
    for (int size = 1; size <= leaves.size(); size++) {
      assertThat(MerkleTree.rootOf(leaves.subList(0, size)).hex()).isEqualTo(ROOTS.get(size - 1));
    }
  }

  @Test
  void compactRangesAgreeWithTheRecursiveDefinition() {
    var leaves = Trees.leaves(300);
    var range = CompactRange.empty();
    for (int size = 1; size <= leaves.size(); size++) {
      range = range.append(leaves.get(size - 1));
      assertThat(range.root()).isEqualTo(Trees.mth(leaves.subList(0, size)));
      assertThat(CompactRange.of(range.size(), range.hashes())).isEqualTo(range);
    }
  }

  @Test
  void aRangeHasOneHashForEachBitOfItsSize() {
    var hash = MerkleTree.emptyRoot();
    assertThatThrownBy(() -> CompactRange.of(3, List.of(hash)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CompactRange.of(-1, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHashHasOneSpelling() {
    var hex = ROOTS.getFirst();
    assertThat(Hash.ofHex(hex).hex()).isEqualTo(hex);
    Stream.of(hex.toUpperCase(Locale.ROOT), hex + "00", hex.substring(2), "zz")
        .forEach(
            bad ->
                assertThatThrownBy(() -> Hash.ofHex(bad))
                    .isInstanceOf(IllegalArgumentException.class));
    var base64 = Hash.ofHex(hex).base64();
    assertThat(Hash.ofBase64(base64).hex()).isEqualTo(hex);
    Stream.of(base64.replace("=", ""), base64.substring(0, 42) + "1=", base64 + "\n", "")
        .forEach(
            bad ->
                assertThatThrownBy(() -> Hash.ofBase64(bad))
                    .isInstanceOf(IllegalArgumentException.class));
  }
}
