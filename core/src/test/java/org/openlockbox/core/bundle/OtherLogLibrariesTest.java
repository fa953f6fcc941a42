package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteCheck;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tile.TileReader;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.MerkleTree;

/// Two other log libraries, golang.org/x/mod/sumdb and transparency-dev's merkle and formats, over
/// our proofs, checkpoints and cosignatures, and over bent ones: we accept nothing that one of them
/// refuses, and they accept everything that we make.
class OtherLogLibrariesTest {
  private static final int SIZES = 33;
  private static final String ORIGIN = "log.example/t/acme";

  private static final List<Hash> LEAVES =
      IntStream.range(0, SIZES).mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i})).toList();

  /// One tile holds them all.
  private static final TileReader READER = (level, n) -> tile();

  @TempDir private Path directory;

  /// Something to judge: the line for the others, and what we say.
  private record Case(String line, boolean accepted) {}

  @BeforeEach
  void theyAreHere() throws InterruptedException {
    Program.need(
        "golang-go, golang-golang-x-mod-dev, golang-github-transparency-dev-{merkle,formats}-dev",
        Program.GO,
        "go",
        "list",
        "golang.org/x/mod/sumdb/tlog",
        "github.com/transparency-dev/merkle/proof",
        "github.com/transparency-dev/formats/note");
  }

  @Test
  void inclusionProofs() throws Exception {
    var cases = new ArrayList<Case>();
    for (int size = 1; size <= SIZES; size++) {
      var tree = new TileTree(READER, size);
      for (int index = 0; index < size; index++) {
        var good = tree.inclusion(index);
        cases.add(inclusion(good, LEAVES.get(index), tree.root()));
        for (var bent : bent(good.hashes())) {
          cases.add(
              inclusion(new InclusionProof(index, size, bent), LEAVES.get(index), tree.root()));
        }
        for (long[] other :
            new long[][] {{index + 1L, size}, {index, size + 1L}, {index / 2, size}}) {
          cases.add(
              inclusion(
                  new InclusionProof(other[0], other[1], good.hashes()),
                  LEAVES.get(index),
                  tree.root()));
        }
      }
    }
    agree("inclusion proofs", cases);
  }

  @Test
  void consistencyProofs() throws Exception {
    var cases = new ArrayList<Case>();
    for (int to = 1; to <= SIZES; to++) {
      var tree = new TileTree(READER, to);
      for (int from = 1; from <= to; from++) {
        var good = tree.consistency(from);
        var fromRoot = new TileTree(READER, from).root();
        cases.add(consistency(good, fromRoot, tree.root()));
        cases.add(consistency(good, tree.root(), fromRoot));
        for (var bent : bent(good.hashes())) {
          cases.add(consistency(new ConsistencyProof(from, to, bent), fromRoot, tree.root()));
        }
        for (long[] other : new long[][] {{from + 1L, to}, {from, to + 1L}, {to, from}}) {
          cases.add(
              consistency(
                  new ConsistencyProof(other[0], other[1], good.hashes()), fromRoot, tree.root()));
        }
      }
    }
    agree("consistency proofs", cases);
  }

  /// Every character of a cosigned checkpoint changed, every line left out.
  @Test
  void checkpointsAndCosignatures() throws Exception {
    var keys = SigningKeys.generate(new SecureRandom());
    var text = new Checkpoint(ORIGIN, 7, MerkleTree.leafHash(new byte[] {7})).format();
    var note = keys.logSigner(ORIGIN).sign(text);
    var cosigner = SigningKeys.generate(new SecureRandom()).cosigners("witness.example").getFirst();
    note = note.with(cosigner.cosignature(text, 1_790_000_000));
    var judge = new Judge(keys.logVerifier(ORIGIN), cosigner.verifier());
    var cases = new ArrayList<Case>();
    var whole = note.format();
    cases.add(judge.says(whole));
    assertThat(cases.getFirst().accepted()).isTrue();
    for (int at = 0; at < whole.length(); at++) {
      char other = whole.charAt(at) == 'B' ? 'C' : 'B';
      cases.add(judge.says(whole.substring(0, at) + other + whole.substring(at + 1)));
    }
    var lines = whole.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var without = new ArrayList<>(lines);
      without.remove(i);
      cases.add(judge.says(String.join("\n", without) + "\n"));
    }
    agree("cosigned checkpoints", cases);
  }

  /// We as the reader of a checkpoint: all of the log's keys, and this witness.
  private record Judge(LogVerifier log, NoteVerifier witness) {
    Case says(String note) {
      var line =
          "checkpoint %s %s %s %s"
              .formatted(
                  ORIGIN,
                  log.vkeys().getFirst(),
                  witness.vkey(),
                  Base64.getEncoder().encodeToString(note.getBytes(StandardCharsets.UTF_8)));
      try {
        var read = SignedNote.parse(note);
        return new Case(
            line,
            Checkpoint.open(read, log).isPresent()
                && read.check(List.of(witness)) instanceof NoteCheck.Valid);
      } catch (MalformedNote refused) {
        return new Case(line, false);
      }
    }
  }

  private static byte[] tile() {
    var tile = ByteBuffer.allocate(SIZES * Hash.LENGTH);
    LEAVES.forEach(leaf -> tile.put(leaf.bytes()));
    return tile.array();
  }

  private static Case inclusion(InclusionProof proof, Hash leaf, Hash root) {
    return new Case(
        line("inclusion", proof.index(), proof.size(), leaf, root, proof.hashes()),
        proof.proves(leaf, root));
  }

  private static Case consistency(ConsistencyProof proof, Hash from, Hash to) {
    return new Case(
        line("consistency", proof.from(), proof.to(), from, to, proof.hashes()),
        proof.proves(from, to));
  }

  private static String line(String kind, long a, long b, Hash one, Hash two, List<Hash> hashes) {
    var words = new StringBuilder("%s %d %d".formatted(kind, a, b));
    Stream.concat(Stream.of(one, two), hashes.stream())
        .forEach(hash -> words.append(' ').append(hash.base64()));
    return words.toString();
  }

  /// Each hash left out, twice, or another; one more before and behind.
  private static List<List<Hash>> bent(List<Hash> hashes) {
    var all = new ArrayList<List<Hash>>();
    var other = MerkleTree.leafHash(new byte[] {1, 2, 3});
    for (int i = 0; i <= hashes.size(); i++) {
      var more = new ArrayList<>(hashes);
      more.add(i, other);
      all.add(more);
      if (i < hashes.size()) {
        var without = new ArrayList<>(hashes);
        without.remove(i);
        all.add(without);
        var changed = new ArrayList<>(hashes);
        changed.set(i, other);
        all.add(changed);
      }
    }
    return all;
  }

  private void agree(String what, List<Case> cases) throws IOException, InterruptedException {
    var program = directory.resolve("libraries").toString();
    var source = Path.of("src/test/go/libraries.go").toAbsolutePath().toString();
    var built = Program.run(directory, Program.GO, List.of("go", "build", "-o", program, source));
    assertThat(built.exit()).as(built.err()).isZero();
    var file = directory.resolve("cases");
    Files.write(file, cases.stream().map(Case::line).toList());
    var said = Program.run(directory, program, file.toString());
    assertThat(said.exit()).as(said.err()).isZero();
    var answers = said.out().lines().toList();
    assertThat(answers).hasSameSizeAs(cases);
    int accepted = 0;
    var laxer = new ArrayList<String>();
    for (int i = 0; i < answers.size(); i++) {
      if (cases.get(i).accepted()) {
        accepted++;
        assertThat(answers.get(i)).as(cases.get(i).line()).isEqualTo("yes yes");
      } else if (!answers.get(i).equals("no no")) {
        laxer.add(cases.get(i).line());
      }
    }
    assertThat(accepted).isPositive().isLessThan(cases.size());
    System.out.printf(
        "- %s: %d cases, %d accepted by us and by both others, %d refused by us alone%n",
        what, cases.size(), accepted, laxer.size());
    laxer.forEach(line -> assertThat(line).as("refused by us alone").startsWith("checkpoint "));
  }
}
