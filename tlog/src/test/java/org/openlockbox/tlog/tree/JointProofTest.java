package org.openlockbox.tlog.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.tile.TileTree;

class JointProofTest {
  private static final int SIZES = 70;
  private static final List<Hash> LEAVES = Trees.leaves(SIZES);
  private static final Trees.Store STORE = Trees.Store.of(LEAVES);
  private static final Hash OTHER = MerkleTree.leafHash(new byte[] {9, 9, 9});

  private final Random random = new Random(7);

  private static Hash root(int size) {
    return MerkleTree.rootOf(LEAVES.subList(0, size));
  }

  private static JointProof joint(int size, List<Long> indexes) {
    var tree = new TileTree(STORE, size);
    return JointProof.of(size, indexes.stream().map(tree::inclusion).toList());
  }

  private static List<Hash> leaves(List<Long> indexes) {
    return indexes.stream().map(index -> LEAVES.get(index.intValue())).toList();
  }

  private List<Long> some(int size) {
    var some = LongStream.range(0, size).filter(i -> random.nextInt(3) == 0).boxed().toList();
    return some.isEmpty() ? List.of((long) random.nextInt(size)) : some;
  }

  @Test
  void anyLeavesOfAnyTreeAreProvedTogetherAndEachAlone() {
    for (int size = 1; size <= SIZES; size++) {
      var tree = new TileTree(STORE, size);
      for (int round = 0; round < 5; round++) {
        var indexes = some(size);
        var joint = joint(size, indexes);
        assertThat(joint.proves(leaves(indexes), root(size))).isTrue();
        for (long index : indexes) {
          assertThat(joint.alone(leaves(indexes), index)).contains(tree.inclusion(index));
        }
      }
    }
  }

  @Test
  void allLeavesTogetherNeedNoHash() {
    for (int size = 1; size <= SIZES; size++) {
      var all = LongStream.range(0, size).boxed().toList();
      assertThat(joint(size, all).hashes()).isEmpty();
      assertThat(joint(size, all).proves(LEAVES.subList(0, size), root(size))).isTrue();
    }
  }

  @Test
  void oneLeafNeedsWhatItsOwnProofHas() {
    var tree = new TileTree(STORE, SIZES);
    for (long index = 0; index < SIZES; index++) {
      assertThat(joint(SIZES, List.of(index)).hashes()).isEqualTo(tree.inclusion(index).hashes());
    }
  }

  @Test
  void aBentJointProofProvesNothing() {
    for (int size = 1; size <= SIZES; size += 3) {
      var indexes = some(size);
      var good = joint(size, indexes);
      var leaves = leaves(indexes);
      for (int i = 0; i < leaves.size(); i++) {
        var changed = new ArrayList<>(leaves);
        changed.set(i, OTHER);
        assertThat(good.proves(changed, root(size))).isFalse();
        changed.remove(i);
        assertThat(good.proves(changed, root(size))).isFalse();
      }
      for (int i = 0; i < good.hashes().size(); i++) {
        var changed = new ArrayList<>(good.hashes());
        changed.set(i, OTHER);
        assertThat(new JointProof(size, indexes, changed).proves(leaves, root(size))).isFalse();
        changed.remove(i);
        assertThat(new JointProof(size, indexes, changed).proves(leaves, root(size))).isFalse();
      }
      var longer = new ArrayList<>(good.hashes());
      longer.add(OTHER);
      assertThat(new JointProof(size, indexes, longer).proves(leaves, root(size))).isFalse();
      assertThat(good.proves(leaves, OTHER)).isFalse();
    }
  }

  @Test
  void aLeafAtAnotherIndexIsNotProved() {
    for (int size = 2; size <= SIZES; size++) {
      var good = joint(size, List.of((long) size / 2));
      var leaf = List.of(LEAVES.get(size / 2));
      for (long index = -1; index <= size; index++) {
        var moved = new JointProof(size, List.of(index), good.hashes());
        assertThat(moved.proves(leaf, root(size))).isEqualTo(index == size / 2);
      }
    }
  }

  @Test
  void oddClaimsAreFalseAndNoCrash() {
    var leaf = List.of(LEAVES.getFirst());
    var twice = List.of(LEAVES.getFirst(), LEAVES.getFirst());
    assertThat(new JointProof(0, List.of(), List.of()).proves(List.of(), MerkleTree.emptyRoot()))
        .isFalse();
    assertThat(new JointProof(1, List.of(), List.of()).proves(List.of(), OTHER)).isFalse();
    assertThat(new JointProof(2, List.of(0L, 0L), List.of()).proves(twice, root(1))).isFalse();
    assertThat(new JointProof(2, List.of(1L, 0L), List.of()).proves(twice, root(2))).isFalse();
    for (long size : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(new JointProof(size, List.of(0L), List.of()).proves(leaf, LEAVES.getFirst()))
          .isFalse();
    }
    assertThat(new JointProof(1, List.of(0L), List.of()).alone(leaf, 3)).isEmpty();
  }

  @Test
  void tooFewHashesAreNoProof() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JointProof.of(2, List.of(new InclusionProof(0, 2, List.of()))));
  }
}
