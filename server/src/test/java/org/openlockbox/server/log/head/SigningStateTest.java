package org.openlockbox.server.log.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.server.FileLimit;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.tlog.tree.Hash;

/// What is owed while the disk is full.
class SigningStateTest {
  private static final String ACME = "log.example/t/acme";
  private static final String GLOBEX = "log.example/t/globex";

  @TempDir private Path directory;
  private SignedHeadsFile file;
  private SigningState signing;

  @BeforeEach
  void open() {
    file = SignedHeadsFile.open(directory);
    signing = new SigningState(file, InstantSource.system());
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static TreeHead head(int size, int root) {
    return new TreeHead(size, Hash.sha256(new byte[] {(byte) root}));
  }

  /// A commit whose signature could not be remembered: others see it.
  private void owe(TreeHead head) throws Exception {
    try (var _ = FileLimit.of(Files.size(directory.resolve("heads")))) {
      assertThatThrownBy(() -> signing.advance(Map.of(ACME, head)))
          .isInstanceOf(SignedHeads.HeadsNotWritable.class);
    }
  }

  @Test
  void anotherRootOfALogKeepsNoOtherLogFromBeingRemembered() {
    signing.advance(Map.of(ACME, head(5, 1)));
    assertThatThrownBy(() -> signing.advance(Map.of(ACME, head(5, 2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another root of " + ACME);
    signing.advance(Map.of(GLOBEX, head(3, 3)));
    assertThat(file.last(GLOBEX)).contains(head(3, 3));
    signing.advance(Map.of(ACME, head(6, 4)));
    assertThat(file.last(ACME)).contains(head(6, 4));
  }

  @Test
  void whatIsOwedCountsAsSigned() throws Exception {
    signing.advance(Map.of(ACME, head(5, 1)));
    owe(head(6, 2));
    assertThat(file.last(ACME)).contains(head(5, 1));
    assertThat(signing.last(ACME)).contains(head(6, 2));
    assertThatThrownBy(() -> signing.advance(Map.of(ACME, head(6, 3))))
        .isInstanceOf(IllegalStateException.class);
    signing.makeRoom();
    assertThat(file.last(ACME)).contains(head(6, 2));
  }

  @Test
  void aRecoveryGivesUpAlsoWhatIsOwed() throws Exception {
    signing.advance(Map.of(ACME, head(5, 1)));
    owe(head(6, 2));
    signing.recover(ACME, head(6, 2), head(4, 4));
    assertThat(signing.last(ACME)).contains(head(4, 4));
    assertThat(file.last(ACME)).contains(head(4, 4));
  }
}
