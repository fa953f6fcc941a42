package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.server.FileLimit;
import org.openlockbox.server.log.SignedHeads.Head;
import org.openlockbox.tlog.Hash;

class SignedHeadsFileTest {
  private static final String ACME = "log.example/t/acme";
  private static final String GLOBEX = "log.example/t/globex";

  @TempDir private Path directory;

  private static Head head(int size) {
    return new Head(size, Hash.sha256(new byte[size]));
  }

  /// A full disk takes part of a line. What was not kept is not known, and what is kept afterwards
  /// is.
  @Test
  void aLineThatFindsNoRoomLeavesNothingBehind() throws Exception {
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(1)));
      try (var _ = FileLimit.of(Files.size(directory.resolve("heads")) + 15)) {
        assertThatThrownBy(() -> heads.advance(Map.of(ACME, head(2))))
            .isInstanceOf(SignedHeads.Unwritable.class);
      }
      assertThat(heads.last(ACME)).contains(head(1));
      heads.advance(Map.of(GLOBEX, head(3)));
    }
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.origins()).containsExactlyInAnyOrder(ACME, GLOBEX);
      assertThat(heads.last(ACME)).contains(head(1));
      assertThat(heads.last(GLOBEX)).isEqualTo(Optional.of(head(3)));
    }
  }

  /// What has room already is kept on a disk that is full since.
  @Test
  void whatRoomWasMadeForIsKeptOnAFullDisk() throws Exception {
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(1)));
      heads.makeRoom();
      try (var _ = FileLimit.of(Files.size(directory.resolve("heads")))) {
        int kept = 1;
        while (hasRoom(heads)) {
          heads.advance(Map.of(ACME, head(++kept)));
        }
        assertThat(kept).isGreaterThan(100);
        heads.advance(Map.of(GLOBEX, head(kept)));
        assertThat(heads.last(ACME)).contains(head(kept));
      }
    }
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.origins()).containsExactlyInAnyOrder(ACME, GLOBEX);
    }
  }

  private static boolean hasRoom(SignedHeadsFile heads) {
    try {
      heads.makeRoom();
      return true;
    } catch (SignedHeads.Unwritable full) {
      assertThat(full).hasMessageContaining("File too large");
      return false;
    }
  }

  /// A stop interrupts who writes; an interrupt closes the channel it writes to.
  @Test
  void anInterruptLosesNothingAndEndsNoWriting() {
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(1)));
      Thread.currentThread().interrupt();
      heads.advance(Map.of(ACME, head(2)));
      assertThat(Thread.interrupted()).isTrue();
      Thread.currentThread().interrupt();
      heads.makeRoom();
      assertThat(Thread.interrupted()).isTrue();
      heads.advance(Map.of(GLOBEX, head(3)));
    }
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.last(ACME)).contains(head(2));
      assertThat(heads.last(GLOBEX)).contains(head(3));
    }
  }

  /// Whenever it comes, also in the middle of a write.
  @Test
  void interruptsAtAnyMomentLoseNothing() throws Exception {
    var done = new AtomicInteger();
    try (var heads = SignedHeadsFile.open(directory)) {
      var writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 1; n <= 300; n++) {
                      heads.advance(Map.of(ACME, head(n)));
                      Thread.interrupted();
                      done.set(n);
                    }
                  });
      while (writer.isAlive()) {
        writer.interrupt();
        writer.join(Duration.ofNanos(100_000));
      }
    }
    assertThat(done).hasValue(300);
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.last(ACME)).contains(head(300));
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamedWithTheCauseAndTheNextStep() throws Exception {
    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> SignedHeadsFile.open(file.resolve("heads")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file + "/heads cannot be written: Not a directory")
        .hasMessageContaining("state: /var/lib/lockbox");
  }
}
