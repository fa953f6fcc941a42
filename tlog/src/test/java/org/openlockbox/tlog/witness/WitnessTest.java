package org.openlockbox.tlog.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.CosignatureVerifier;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.MlDsaVerifier;
import org.openlockbox.tlog.NoteCheck;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// C2SP tlog-witness as its main branch has it.
class WitnessTest {
  private static final String ORIGIN = "log.example/epochs";
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  private static final LogSigner LOG = SigningKeys.generate(new SecureRandom()).logSigner(ORIGIN);
  private static final List<NoteSigner> COSIGNERS =
      SigningKeys.generate(new SecureRandom()).cosigners("witness.example");

  /// Remembers until the test ends.
  private static final class MemoryStore implements WitnessStore {
    private final Map<String, SignedNote> notes = new HashMap<>();

    @Override
    public synchronized Optional<SignedNote> last(String origin) {
      return Optional.ofNullable(notes.get(origin));
    }

    @Override
    public synchronized boolean replace(
        String origin, Optional<SignedNote> expected, SignedNote next) {
      if (!last(origin).equals(expected)) {
        return false;
      }
      notes.put(origin, next);
      return true;
    }
  }

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

  @Test
  void whatContinuesIsCosignedByBothKeysWithTheTime() {
    var files = new MemoryStore();
    var answer = witness(files).add(body(0, 3));
    assertThat(answer.status()).isEqualTo(200);
    var note = SignedNote.parse(signed(3, "").text() + "\n" + answer.body());
    assertThat(note.signatures()).hasSize(2);
    assertThat(note.check(COSIGNERS.stream().map(NoteSigner::verifier).toList()))
        .isInstanceOfSatisfying(
            NoteCheck.Valid.class, verified -> assertThat(verified.by()).hasSize(2));
    assertThat(COSIGNERS.getFirst().verifier()).isInstanceOf(CosignatureVerifier.class);
    assertThat(COSIGNERS.getLast().verifier()).isInstanceOf(MlDsaVerifier.class);
    assertThat(witness(files).add(body(3, 200)).status()).isEqualTo(200);
    assertThat(witness(files).add(body(200, 200)).status()).isEqualTo(200);
    assertThat(witness(files).last(Witness.name(ORIGIN)))
        .hasValueSatisfying(last -> assertThat(last.signatures()).hasSize(4));
    assertThat(witness(files).last(Witness.name("log.example/other"))).isEmpty();
  }

  @Test
  void aRollbackIsToldTheSizeThatWasCosigned() {
    var files = new MemoryStore();
    var witness = witness(files);
    assertThat(witness.add(body(0, 9)).status()).isEqualTo(200);
    for (var behind : List.of(body(0, 9), body(0, 5), body(5, 9), body(3, 20))) {
      assertThat(witness.add(behind)).isEqualTo(new WitnessAnswer.Stale(9));
    }
    assertThat(new WitnessAnswer.Stale(9).body()).isEqualTo("9\n");
  }

  @Test
  void whatDoesNotContinueIsRefusedAndChangesNothing() {
    var files = new MemoryStore();
    var witness = witness(files);
    assertThat(witness.add(body(0, 9)).status()).isEqualTo(200);
    var stranger = SigningKeys.generate(new SecureRandom()).logSigner(ORIGIN);
    var other = new Checkpoint("log.example/other", 9, MerkleTree.rootOf(leaves(9, "")));
    var good = signed(12, "");
    record Case(int status, String body) {}
    for (var c :
        List.of(
            new Case(422, new AddCheckpoint(9, List.of(), signed(9, "fork")).format()),
            new Case(422, new AddCheckpoint(9, List.of(), good).format()),
            new Case(422, body(9, 12).replaceFirst("\n[A-Za-z0-9+/=]+\n\n", "\n\n")),
            new Case(400, body(9, 12).replace("old 9\n", "old 13\n")),
            new Case(400, body(9, 12).replace("old 9\n", "old 09\n")),
            new Case(400, body(9, 12).replace("old 9\n", "")),
            new Case(400, "old 9\n\n" + good.text()),
            new Case(400, ""),
            new Case(403, new AddCheckpoint(9, List.of(), stranger.sign(good.text())).format()),
            new Case(
                403,
                new AddCheckpoint(
                        9, List.of(), SignedNote.of(good.text(), good.signatures().getFirst()))
                    .format()),
            new Case(404, new AddCheckpoint(9, List.of(), LOG.sign(other.format())).format()))) {
      assertThat(witness.add(c.body()).status()).as(c.body()).isEqualTo(c.status());
    }
    assertThat(witness.add(body(9, 12)).status()).isEqualTo(200);
  }

  /// An empty log comes first; a proof from it is empty.
  @Test
  void anEmptyLogIsContinuedByEverything() {
    var files = new MemoryStore();
    var witness = witness(files);
    assertThat(witness.add(body(0, 0)).status()).isEqualTo(200);
    var padded = new AddCheckpoint(0, leaves(1, ""), signed(4, "")).format();
    assertThat(witness.add(padded).status()).isEqualTo(422);
    assertThat(witness.add(body(0, 4)).status()).isEqualTo(200);
  }

  @Test
  void ofTwoForksAtOnceOneIsCosigned() throws Exception {
    var files = new MemoryStore();
    try (var pool = Executors.newFixedThreadPool(8)) {
      var witness = witness(files);
      var go = new CountDownLatch(1);
      var answers =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            go.await();
                            var fork = signed(5, "fork" + i);
                            return witness.add(new AddCheckpoint(0, List.of(), fork).format());
                          }))
              .toList();
      go.countDown();
      int cosigned = 0;
      for (var answer : answers) {
        cosigned += answer.get().status() == 200 ? 1 : 0;
        assertThat(answer.get().status()).isIn(200, 409, 422);
      }
      assertThat(cosigned).isEqualTo(1);
    }
  }
}
