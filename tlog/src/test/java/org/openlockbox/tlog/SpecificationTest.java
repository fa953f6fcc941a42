package org.openlockbox.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.tile.EntryBundle;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tile.TileWriter;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.MerkleTree;

/// The worked example of docs/spec/log.md, recomputed from the seed and compared with the page.
class SpecificationTest {
  private static final List<byte[]> ENTRIES =
      List.of(
          "{\"seq\":0}".getBytes(UTF_8),
          "{\"seq\":1}".getBytes(UTF_8),
          "{\"seq\":2}".getBytes(UTF_8));

  @Test
  void theWorkedExampleIsWhatTheCodeMakes() throws IOException, GeneralSecurityException {
    var page = Files.readString(Path.of("../docs/spec/log.md"));
    var secret =
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(
                new PKCS8EncodedKeySpec(
                    HexFormat.of().parseHex("302e020100300506032b657004220420" + "01".repeat(32))));
    var key =
        Ed25519Point.of(
            HexFormat.of()
                .parseHex("8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"));
    var signer =
        new NoteSigner(new Ed25519Verifier("log.example/t/acme", key), MessageSigner.of(secret));
    assertShown(page, signer.verifier().vkey());
    assertShown(page, HexFormat.of().formatHex(EntryBundle.encode(ENTRIES)));

    var leaves = ENTRIES.stream().map(MerkleTree::leafHash).toList();
    var appended = TileWriter.append(CompactRange.empty(), leaves);
    leaves.forEach(leaf -> assertShown(page, leaf.hex()));
    assertShown(page, MerkleTree.rootOf(leaves.subList(0, 2)).hex());
    assertShown(page, appended.range().root().hex());

    var tree = new TileTree((level, n) -> appended.growth().getFirst().bytes(), 3);
    assertThat(tree.consistency(2).hashes()).containsExactly(leaves.get(2));
    var checkpoint = new Checkpoint("log.example/t/acme", 3, tree.root());
    // ML-DSA signatures are random: the page's own line is read and verified.
    var proof = LogProof.parse(shown(page, "c2sp.org/tlog-proof@v1\n"));
    var log = LogVerifier.of(signer.verifier(), NoteVerifier.parse(mlDsaVkey(page)));
    assertThat(log.isDual()).isTrue();
    assertThat(proof.proves(leaves.get(1), log)).hasValue(checkpoint);
    assertThat(proof.hashes()).isEqualTo(tree.inclusion(1).hashes());
    assertThat(proof.checkpoint().signatures().getFirst())
        .isEqualTo(signer.signature(checkpoint.format()));
  }

  private static String mlDsaVkey(String page) {
    return page.lines()
        .map(String::strip)
        .filter(line -> line.matches("log\\.example/t/acme\\+[0-9a-f]{8}\\+B\\S+"))
        .findFirst()
        .orElseThrow();
  }

  /// The indented block that begins with this line.
  private static String shown(String page, String first) {
    return page.substring(page.lastIndexOf("    " + first))
        .lines()
        .takeWhile(line -> line.isEmpty() || line.startsWith("    "))
        .map(line -> line.isEmpty() ? "" : line.substring(4))
        .collect(Collectors.joining("\n"))
        .stripTrailing()
        .concat("\n");
  }

  private static void assertShown(String page, String line) {
    assertThat(page).contains("    " + line + "\n");
  }
}
