package org.openlockbox.tlog.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.tile.TileTree;

/// Every proof for every pair of sizes up to 130, and the ways to bend one.
class ProofTest {
  private static final int SIZES = 130;
  private static final List<Hash> LEAVES = Trees.leaves(SIZES);
  private static final Trees.Store STORE = Trees.Store.of(LEAVES);
  private static final Hash OTHER = MerkleTree.leafHash(new byte[] {9, 9, 9});

  private static Hash root(int size) {
    return MerkleTree.rootOf(LEAVES.subList(0, size));
  }

  @Test
  void everyLeafOfEveryTreeIsProvedAtItsIndexOnly() {
    for (int size = 1; size <= SIZES; size++) {
      var tree = new TileTree(STORE, size);
      var root = root(size);
      assertThat(tree.root()).isEqualTo(root);
      for (int index = 0; index < size; index++) {
        var proof = tree.inclusion(index);
        assertThat(proof.proves(LEAVES.get(index), root)).isTrue();
        assertThat(proof.proves(OTHER, root)).isFalse();
        assertThat(proof.proves(LEAVES.get(index), OTHER)).isFalse();
        int neighbour = index == 0 ? size - 1 : index - 1;
        if (neighbour != index) {
          assertThat(at(proof, neighbour).proves(LEAVES.get(index), root)).isFalse();
        }
      }
    }
  }

  @Test
  void everyTreeIsConsistentWithEveryOlderOne() {
    for (int to = 0; to <= SIZES; to++) {
      var tree = new TileTree(STORE, to);
      for (int from = 0; from <= to; from++) {
        var proof = tree.consistency(from);
        assertThat(proof.proves(root(from), root(to))).as("%d to %d", from, to).isTrue();
        if (from > 0) {
          assertThat(proof.proves(OTHER, root(to))).isFalse();
          assertThat(proof.proves(root(from), OTHER)).isFalse();
        }
      }
    }
  }

  /// The accumulated vectors of draft-ietf-plants-merkle-tree-certs, "Subtree Test Vectors", as in
  /// transparency-dev/merkle: every subtree of a tree of one-byte leaves, and every proof in it.
  @Test
  void rootsAndProofsOfAllSubtreesHashToTheReferenceValues() {
    var leaves = new ArrayList<Hash>();
    for (int i = 0; i < SIZES; i++) {
      leaves.add(MerkleTree.leafHash(new byte[] {(byte) i}));
    }
    var roots = new StringBuilder();
    var proofs = new StringBuilder();
    for (int end = 0; end <= SIZES; end++) {
      for (int start = 0; start <= end; start++) {
        int width = end - start;
        int cover = width <= 1 ? 1 : Integer.highestOneBit(width - 1) * 2;
        if (start % cover != 0) {
          continue;
        }
        var tree = new TileTree(Trees.Store.of(leaves.subList(start, end)), width);
        roots.append("[%d, %d) %s\n".formatted(start, end, tree.root()));
        for (int index = start; index < end; index++) {
          proofs.append("%d [%d, %d)".formatted(index, start, end));
          tree.inclusion(index - start).hashes().forEach(h -> proofs.append(' ').append(h));
          proofs.append('\n');
        }
      }
    }
    assertThat(Hash.sha256(roots.toString().getBytes(US_ASCII)).hex())
        .isEqualTo("b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
    assertThat(Hash.sha256(proofs.toString().getBytes(US_ASCII)).hex())
        .isEqualTo("ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
  }

  @Test
  void aBentInclusionProofProvesNothing() {
    for (int size : new int[] {1, 2, 3, 7, 8, 9, 100, 128, 129}) {
      var root = root(size);
      for (int index : new int[] {0, size / 2, size - 1}) {
        var good = new TileTree(STORE, size).inclusion(index);
        var leaf = LEAVES.get(index);
        for (var bent : bentHashes(good.hashes())) {
          assertThat(new InclusionProof(index, size, bent).proves(leaf, root)).isFalse();
        }
        for (long wrong : new long[] {-1, size, size + 1L, Long.MAX_VALUE, Long.MIN_VALUE}) {
          assertThat(at(good, wrong).proves(leaf, root)).isFalse();
        }
        assertThat(new InclusionProof(index, 0, good.hashes()).proves(leaf, root)).isFalse();
        assertThat(new InclusionProof(0, 0, List.of()).proves(leaf, leaf)).isFalse();
      }
    }
  }

  @Test
  void aBentConsistencyProofProvesNothing() {
    for (int[] pair : new int[][] {{1, 2}, {2, 3}, {3, 7}, {6, 8}, {64, 100}, {65, 129}}) {
      var good = new TileTree(STORE, pair[1]).consistency(pair[0]);
      var from = root(pair[0]);
      var to = root(pair[1]);
      for (var bent : bentHashes(good.hashes())) {
        assertThat(new ConsistencyProof(pair[0], pair[1], bent).proves(from, to)).isFalse();
      }
      assertThat(new ConsistencyProof(pair[1], pair[0], good.hashes()).proves(to, from)).isFalse();
      assertThat(new ConsistencyProof(-1, pair[1], good.hashes()).proves(from, to)).isFalse();
      assertThat(new ConsistencyProof(pair[0], pair[0], good.hashes()).proves(from, from))
          .isFalse();
    }
  }

  @Test
  void everythingExtendsTheEmptyTreeByAnEmptyProof() {
    var empty = MerkleTree.emptyRoot();
    assertThat(new ConsistencyProof(0, 5, List.of()).proves(empty, root(5))).isTrue();
    assertThat(new ConsistencyProof(0, 0, List.of()).proves(empty, empty)).isTrue();
    assertThat(new ConsistencyProof(0, 0, List.of()).proves(empty, OTHER)).isFalse();
    assertThat(new ConsistencyProof(0, 5, List.of()).proves(OTHER, root(5))).isFalse();
    assertThat(new ConsistencyProof(0, 5, List.of(OTHER)).proves(empty, root(5))).isFalse();
  }

  @Test
  void equalTreesNeedNoProof() {
    assertThat(new ConsistencyProof(5, 5, List.of()).proves(root(5), root(5))).isTrue();
    assertThat(new ConsistencyProof(5, 5, List.of()).proves(root(5), OTHER)).isFalse();
    assertThat(new ConsistencyProof(5, 5, List.of(OTHER)).proves(root(5), root(5))).isFalse();
  }

  private static InclusionProof at(InclusionProof proof, long index) {
    return new InclusionProof(index, proof.size(), proof.hashes());
  }

  /// Truncated and extended at both ends, swapped, and each hash replaced.
  private static List<List<Hash>> bentHashes(List<Hash> hashes) {
    var bent = new ArrayList<List<Hash>>();
    var longer = new ArrayList<>(hashes);
    longer.add(OTHER);
    bent.add(longer);
    var before = new ArrayList<>(hashes);
    before.addFirst(OTHER);
    bent.add(before);
    if (!hashes.isEmpty()) {
      bent.add(hashes.subList(1, hashes.size()));
      bent.add(hashes.subList(0, hashes.size() - 1));
    }
    if (hashes.size() > 1) {
      bent.add(hashes.reversed());
    }
    for (int i = 0; i < hashes.size(); i++) {
      var replaced = new ArrayList<>(hashes);
      replaced.set(i, OTHER);
      bent.add(replaced);
    }
    return bent;
  }
}
