package org.openlockbox.tlog.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// A log whose keys are replaced (docs/spec/witness.md): a witness that knows several pairs never
/// goes back to an earlier one.
class WitnessKeysTest {
  private static final String ORIGIN = "log.example/epochs";
  private static final LogSigner OLD = SigningKeys.generate(new SecureRandom()).logSigner(ORIGIN);
  private static final LogSigner NEW = SigningKeys.generate(new SecureRandom()).logSigner(ORIGIN);
  private static final List<NoteSigner> COSIGNERS =
      SigningKeys.generate(new SecureRandom()).cosigners("witness.example");

  /// Remembers one log until the test ends.
  private static final class OneNote implements WitnessStore {
    private Optional<SignedNote> note = Optional.empty();

    @Override
    public Optional<SignedNote> last(String origin) {
      return note;
    }

    @Override
    public boolean replace(String origin, Optional<SignedNote> expected, SignedNote next) {
      note = Optional.of(next);
      return true;
    }
  }

  private final OneNote store = new OneNote();

  private int answer(List<LogVerifier> known, int size, LogSigner... signers) {
    var leaves =
        IntStream.range(0, size)
            .mapToObj(i -> MerkleTree.leafHash(("" + i).getBytes(UTF_8)))
            .toList();
    var text = new Checkpoint(ORIGIN, size, MerkleTree.rootOf(leaves)).format();
    var note = signers[0].sign(text);
    for (int i = 1; i < signers.length; i++) {
      for (var line : signers[i].sign(text).signatures()) {
        note = note.with(line);
      }
    }
    int old = store.last(ORIGIN).map(last -> (int) Checkpoint.parse(last.text()).size()).orElse(0);
    List<Hash> proof = old == 1 && size == 2 ? List.of(leaves.get(1)) : List.of();
    var witness = new Witness(COSIGNERS, known, store, () -> Instant.ofEpochSecond(1000));
    return witness.add(new AddCheckpoint(old, proof, note).format()).status();
  }

  private static final List<LogVerifier> BOTH = List.of(OLD.verifier(), NEW.verifier());

  @Test
  void whileBothPairsSignEitherWitnessGoesOn() {
    assertThat(answer(List.of(OLD.verifier()), 1, OLD, NEW)).isEqualTo(200);
    assertThat(answer(List.of(OLD.verifier()), 2, OLD, NEW)).isEqualTo(200);
    assertThat(answer(List.of(NEW.verifier()), 2, OLD, NEW)).isEqualTo(200);
  }

  @Test
  void aWitnessThatWasNotToldRefusesTheNewPairAlone() {
    assertThat(answer(List.of(OLD.verifier()), 1, OLD)).isEqualTo(200);
    assertThat(answer(List.of(OLD.verifier()), 2, NEW)).isEqualTo(403);
    assertThat(answer(BOTH, 2, NEW)).isEqualTo(200);
  }

  @Test
  void thePairBeforeIsNeverAcceptedAgain() {
    assertThat(answer(BOTH, 1, OLD)).isEqualTo(200);
    assertThat(answer(BOTH, 1, OLD, NEW)).isEqualTo(200);
    assertThat(answer(BOTH, 2, OLD)).isEqualTo(403);
    assertThat(answer(BOTH, 2, NEW)).isEqualTo(200);
    assertThat(answer(BOTH, 2, OLD)).isEqualTo(403);
  }

  @Test
  void oneKeyOfEachPairIsNoPair() {
    var text = new Checkpoint(ORIGIN, 1, MerkleTree.leafHash("0".getBytes(UTF_8))).format();
    var mixed =
        SignedNote.of(
            text, OLD.sign(text).signatures().getFirst(), NEW.sign(text).signatures().getLast());
    var witness = new Witness(COSIGNERS, BOTH, store, () -> Instant.ofEpochSecond(1000));
    assertThat(witness.add(new AddCheckpoint(0, List.of(), mixed).format()).status())
        .isEqualTo(403);
  }
}
