package org.openlockbox.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.witness.WitnessFiles;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;
import org.openlockbox.tlog.witness.AddCheckpoint;
import org.openlockbox.tlog.witness.Witness;
import org.openlockbox.tlog.witness.WitnessAnswer;
import org.openlockbox.tlog.witness.WitnessStore;

/// A witness that is killed, or whose memory is damaged or taken.
class WitnessFilesTest {
  private static final String ORIGIN = "log.example/epochs";
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  private static final LogSigner LOG = SigningKeys.generate(new SecureRandom()).logSigner(ORIGIN);
  private static final List<NoteSigner> COSIGNERS =
      SigningKeys.generate(new SecureRandom()).cosigners("witness.example");

  @TempDir private Path directory;

  private static List<Hash> leaves(int size, String salt) {
    var leaves = new ArrayList<Hash>();
    for (int i = 0; i < size; i++) {
      leaves.add(MerkleTree.leafHash((salt + i).getBytes(UTF_8)));
    }
    return leaves;
  }

  private static SignedNote signed(int size, String salt) {
    var root = MerkleTree.rootOf(leaves(size, salt));
    return LOG.sign(new Checkpoint(ORIGIN, size, root).format());
  }

  /// What an honest log with fewer than 256 entries sends.
  private static String body(int old, int size) {
    var leaves = leaves(size, "");
    byte[] tile = new byte[size * Hash.LENGTH];
    for (int i = 0; i < size; i++) {
      System.arraycopy(leaves.get(i).bytes(), 0, tile, i * Hash.LENGTH, Hash.LENGTH);
    }
    var tree = new TileTree((level, n) -> level == 0 ? tile : new byte[0], size);
    return new AddCheckpoint(old, tree.consistency(old).hashes(), signed(size, "")).format();
  }

  private static Witness witness(WitnessStore store) {
    return new Witness(COSIGNERS, List.of(LOG.verifier()), store, () -> NOW);
  }

  /// Killed after writing and before the switch: the old state holds, and the half-written file is
  /// in nobody's way.
  @Test
  void aKillBetweenWriteAndRenameLeavesTheOldState() throws IOException {
    try (var files = WitnessFiles.open(directory)) {
      assertThat(witness(files).add(body(0, 3)).status()).isEqualTo(200);
    }
    var name = Witness.name(ORIGIN);
    for (var half : List.of("", "log.exam", signed(7, "").format())) {
      Files.writeString(directory.resolve(name + ".new"), half);
      try (var files = WitnessFiles.open(directory)) {
        assertThat(witness(files).add(body(7, 9))).isEqualTo(new WitnessAnswer.Stale(3));
      }
    }
    try (var files = WitnessFiles.open(directory)) {
      assertThat(witness(files).add(body(3, 9)).status()).isEqualTo(200);
    }
    try (var files = WitnessFiles.open(directory)) {
      assertThat(witness(files).add(body(3, 9))).isEqualTo(new WitnessAnswer.Stale(9));
    }
  }

  @Test
  void whatCannotBeKeptIsNotCosigned() throws IOException {
    try (var files = WitnessFiles.open(directory)) {
      // The place of the new file is taken by a directory, so that writing fails.
      var blocked = Files.createDirectory(directory.resolve(Witness.name(ORIGIN) + ".new"));
      assertThatThrownBy(() -> witness(files).add(body(0, 3)))
          .isInstanceOf(UncheckedIOException.class);
      Files.delete(blocked);
      assertThat(witness(files).add(body(0, 2)).status()).isEqualTo(200);
    }
  }

  @Test
  void aDamagedMemoryIsNotTakenForAFreshOne() throws IOException {
    try (var files = WitnessFiles.open(directory)) {
      Files.writeString(directory.resolve(Witness.name(ORIGIN) + ".checkpoint"), "");
      assertThatThrownBy(() -> witness(files).add(body(0, 3))).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void aDirectoryHasOneWitness() {
    try (var files = WitnessFiles.open(directory)) {
      assertThatThrownBy(() -> WitnessFiles.open(directory)).isInstanceOf(RuntimeException.class);
      assertThat(files.replace(ORIGIN, Optional.of(signed(1, "")), signed(2, ""))).isFalse();
    }
    WitnessFiles.open(directory).close();
  }
}
