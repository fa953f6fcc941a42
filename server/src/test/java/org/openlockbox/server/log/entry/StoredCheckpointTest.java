package org.openlockbox.server.log.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.MerkleTree;

final class StoredCheckpointTest {
  private static final String ORIGIN = "log.example/t/acme";

  private final SigningKeys keys = SigningKeys.generate(new SecureRandom());
  private final Checkpoint checkpoint = new Checkpoint(ORIGIN, 7, MerkleTree.leafHash(new byte[1]));

  @Test
  void theNoteComesBackAsItWas() {
    var note = keys.logSigner(ORIGIN).sign(checkpoint.format());
    var stored = StoredCheckpoint.of(checkpoint, note.signatures());
    assertThat(stored.note(ORIGIN)).isEqualTo(note);
    assertThat(stored.signatures().size()).isEqualTo(2 + 4 + 64 + 2 + 4 + 8 + 2420);
  }

  @Test
  void aLineOfAnotherNameIsNotStored() {
    var lines = keys.logSigner("log.example/t/globex").sign(checkpoint.format()).signatures();
    assertThatThrownBy(() -> StoredCheckpoint.of(checkpoint, lines))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
