package org.openlockbox.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;
import org.openlockbox.tlog.tree.Trees;

/// The published test log of Tessera (testdata/log): 15 entries, signed checkpoints.
class CheckpointTest {
  private static final LogVerifier LOG =
      LogVerifier.parse(
          List.of(
              "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"));
  private static final List<String> ENTRIES =
      List.of(
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eit",
          "nain",
          "ten",
          "ileven",
          "twelf",
          "threeten",
          "fourten",
          "fivten");
  private static final String SIGNED =
      """
      example.com/log/testdata
      15
      rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=

      — example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=
      """;

  private static List<Hash> leaves() {
    return ENTRIES.stream().map(e -> MerkleTree.leafHash(e.getBytes(UTF_8))).toList();
  }

  @Test
  void theTesseraLogHasTheseLeavesAndRoots() {
    var leaves = leaves();
    assertThat(leaves.subList(0, 3).stream().map(Hash::hex))
        .containsExactly(
            "d0d7360ab79f58ab1e1e3fe64ad77e2ea0bc07e36b5f46ed2223edd9298df9e9",
            "ab1ab7f07c7c8fe0eff4ba6faa53c7e4412e91a599153e8aa4e01beece5b7825",
            "671f146c5e471e8a1a83a3c214ce4ba907b8f3a5888d14cc8cd3ce75bb12ef94");
    assertThat(MerkleTree.rootOf(leaves.subList(0, 2)).base64())
        .isEqualTo("T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=");
    assertThat(MerkleTree.rootOf(leaves.subList(0, 3)).base64())
        .isEqualTo("Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=");
    assertThat(MerkleTree.rootOf(leaves).base64())
        .isEqualTo("rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=");
  }

  @Test
  void theTesseraCheckpointOpensWithItsKey() {
    var note = SignedNote.parse(SIGNED);
    assertThat(note.format()).isEqualTo(SIGNED);
    assertThat(Checkpoint.open(note, LOG))
        .hasValue(new Checkpoint("example.com/log/testdata", 15, MerkleTree.rootOf(leaves())));
  }

  @Test
  void aCheckpointOfAnotherSizeRootOrOriginDoesNotOpen() {
    for (var changed :
        List.of(
            SIGNED.replace("\n15\n", "\n16\n"),
            SIGNED.replace("rKbD", "rKbE"),
            SIGNED.replaceFirst("testdata", "testdatb"))) {
      assertThat(Checkpoint.open(SignedNote.parse(changed), LOG)).isEmpty();
    }
  }

  /// One key for many logs: only the comparison of the origin keeps them apart.
  @Test
  void aCheckpointOfAnotherLogWithTheSameKeyDoesNotOpen() {
    var signer = SigningKeys.generate(new SecureRandom()).logSigner("log.example/t/acme");
    var foreign = new Checkpoint("log.example/t/globex", 0, MerkleTree.emptyRoot());
    assertThat(Checkpoint.open(signer.sign(foreign.format()), signer.verifier())).isEmpty();
    var own = new Checkpoint("log.example/t/acme", 0, MerkleTree.emptyRoot());
    assertThat(Checkpoint.open(signer.sign(own.format()), signer.verifier())).hasValue(own);
  }

  @Test
  void aCheckpointHasOneSpelling() {
    var good = SIGNED.substring(0, SIGNED.indexOf("\n\n") + 1);
    assertThat(Checkpoint.parse(good).format()).isEqualTo(good);
    for (var bad :
        List.of(
            "",
            good.strip(),
            good + "extension\n",
            good.replace("\n15\n", "\n015\n"),
            good.replace("\n15\n", "\n-15\n"),
            good.replace("\n15\n", "\n+15\n"),
            good.replace("\n15\n", "\n0\n"),
            good.replace("\n15\n", "\n9223372036854775808\n"),
            good.replace("\n15\n", "\n\n"),
            good.replace("=", ""),
            good.replace("rKbD", "rKb"),
            good.replace("3cs=", "3ct="),
            good.replace("example.com", "exam ple.com"),
            good.replace("example.com/log/testdata", ""))) {
      assertThatThrownBy(() -> Checkpoint.parse(bad)).as(bad).isInstanceOf(MalformedNote.class);
    }
  }

  @Test
  void aProofFileProvesItsEntryUnderTheSignedCheckpoint() {
    var leaves = leaves();
    var tree = new TileTree(Trees.Store.of(leaves), 15);
    for (int index = 0; index < 15; index++) {
      var proof = LogProof.of(tree.inclusion(index), SignedNote.parse(SIGNED));
      var text = proof.format();
      assertThat(LogProof.parse(text)).isEqualTo(proof);
      assertThat(LogProof.parse(text).format()).isEqualTo(text);
      assertThat(proof.proves(leaves.get(index), LOG)).isPresent();
      assertThat(proof.proves(leaves.get((index + 1) % 15), LOG)).isEmpty();
    }
  }

  @Test
  void theExtraLineOfAProofIsKeptAsItIs() {
    var text =
        "c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 0\n"
            + MerkleTree.emptyRoot().base64()
            + "\n\n"
            + SIGNED;
    assertThat(LogProof.parse(text).extra()).isEqualTo("aGVsbG8=");
    assertThat(LogProof.parse(text).format()).isEqualTo(text);
  }

  @Test
  void whatIsNoProofFileIsRefused() {
    var tree = new TileTree(Trees.Store.of(leaves()), 15);
    var good = LogProof.of(tree.inclusion(10), SignedNote.parse(SIGNED)).format();
    for (var bad :
        List.of(
            "",
            SIGNED,
            good.replace("@v1", "@v2"),
            good.replace("index 10", "index 010"),
            good.replace("index 10", "index -1"),
            good.replace("index 10", "index 9223372036854775808"),
            good.replace("index 10", "extra \nindex 10"),
            good.replace("index 10", "extra aGVsbG8\nindex 10"),
            good.replace("index 10\n", ""),
            good.replace("index 10\n", "index 10\nAAAA\n"),
            good.replace("index 10\n", "index 10\n\n"),
            good.replace("index 10\n", "index 10\n" + "AAAA\n".repeat(64)),
            good.substring(0, good.indexOf("\n\n") + 2))) {
      assertThatThrownBy(() -> LogProof.parse(bad)).as(bad).isInstanceOf(MalformedNote.class);
    }
  }
}
