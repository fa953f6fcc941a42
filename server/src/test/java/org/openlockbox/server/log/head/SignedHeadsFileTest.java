package org.openlockbox.server.log.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.server.FileLimit;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.tlog.tree.Hash;

class SignedHeadsFileTest {
  private static final String ACME = "log.example/t/acme";
  private static final String GLOBEX = "log.example/t/globex";

  @TempDir private Path directory;

  private static TreeHead head(int size) {
    return new TreeHead(size, Hash.sha256(new byte[size]));
  }

  /// A full disk takes part of a line. What was not kept is not known, and what is kept afterwards
  /// is.
  @Test
  void aLineThatFindsNoRoomLeavesNothingBehind() throws Exception {
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(1)));
      try (var _ = FileLimit.of(Files.size(directory.resolve("heads")) + 15)) {
        assertThatThrownBy(() -> heads.advance(Map.of(ACME, head(2))))
            .isInstanceOf(SignedHeads.HeadsNotWritable.class);
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
    } catch (SignedHeads.HeadsNotWritable full) {
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

  /// After a power failure a block may be missing that was written before another one. What stands
  /// behind it was not forced to the disk, so nobody was told that it is kept.
  @Test
  void whatStandsBehindAMissingBlockWasNeverKept() throws Exception {
    long kept;
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(1)));
      kept = Files.size(directory.resolve("heads"));
      heads.advance(Map.of(ACME, head(2)));
      heads.advance(Map.of(GLOBEX, head(3)));
    }
    try (var file = FileChannel.open(directory.resolve("heads"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(20), kept + 10);
    }
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.last(ACME)).contains(head(1));
      assertThat(heads.last(GLOBEX)).isEmpty();
    }
  }

  /// An interrupt closes the file, and for a moment it cannot be opened again, as by a process that
  /// has all the files open that it may.
  @Test
  void aFileThatCouldNotBeOpenedAgainIsWrittenAnewLater() throws Exception {
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(1)));
      heads.advance(Map.of(GLOBEX, head(1)));
      Files.delete(directory.resolve("heads"));
      int kept = keptUntilItFails(heads);
      assertThat(heads.last(ACME)).contains(head(kept));
      heads.makeRoom();
      heads.advance(Map.of(ACME, head(kept + 2)));
    }
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.origins()).containsExactlyInAnyOrder(ACME, GLOBEX);
      assertThat(heads.last(GLOBEX)).contains(head(1));
    }
  }

  /// The directory may be another server's by then.
  @Test
  void nothingIsWrittenOnceItIsClosed() {
    var closed = SignedHeadsFile.open(directory);
    closed.advance(Map.of(ACME, head(1)));
    closed.close();
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThatThrownBy(() -> closed.advance(Map.of(ACME, head(2))))
          .isInstanceOf(SignedHeads.HeadsNotWritable.class);
      heads.advance(Map.of(GLOBEX, head(3)));
    }
    try (var heads = SignedHeadsFile.open(directory)) {
      assertThat(heads.last(ACME)).contains(head(1));
    }
  }

  /// Writes until an interrupt comes in the middle of a write.
  private static int keptUntilItFails(SignedHeadsFile heads) throws InterruptedException {
    var kept = new AtomicInteger(1);
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (true) {
                      heads.advance(Map.of(ACME, head(kept.get() + 1)));
                      kept.incrementAndGet();
                    }
                  } catch (SignedHeads.HeadsNotWritable closed) {
                    assertThat(closed).hasMessageContaining("heads");
                  }
                });
    while (writer.isAlive()) {
      writer.interrupt();
      writer.join(Duration.ofNanos(100_000));
    }
    return kept.get();
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
