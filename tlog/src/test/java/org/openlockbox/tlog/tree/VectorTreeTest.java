package org.openlockbox.tlog.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VectorTreeTest {
  @Test
  void rootAndProofsAreThoseOfTheSpecificationForEverySizeUpTo130() {
    var all = Trees.leaves(130);
    for (int size = 0; size <= all.size(); size++) {
      var leaves = all.subList(0, size);
      var tree = VectorTree.over(leaves);
      assertThat(tree.root()).isEqualTo(Trees.mth(leaves));
      for (int index = 0; index < size; index++) {
        var proof = tree.inclusion(index);
        assertThat(proof.proves(leaves.get(index), tree.root())).isTrue();
        assertThat(
                new InclusionProof(index ^ 1, size, proof.hashes())
                    .proves(leaves.get(index), tree.root()))
            .isFalse();
      }
    }
  }

  @Test
  void aLeafThatIsNotThereHasNoProof() {
    var tree = VectorTree.over(Trees.leaves(3));
    assertThatThrownBy(() -> tree.inclusion(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tree.inclusion(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
