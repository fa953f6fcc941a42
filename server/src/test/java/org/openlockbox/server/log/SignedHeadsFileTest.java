package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
      limitFilesTo(Files.size(directory.resolve("heads")) + 15);
      try {
        assertThatThrownBy(() -> heads.advance(Map.of(ACME, head(2))))
            .isInstanceOf(UncheckedIOException.class);
      } finally {
        limitFilesTo(Long.MAX_VALUE);
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

  /// No file of this process may grow beyond this.
  private static void limitFilesTo(long bytes) throws IOException, InterruptedException {
    String limit = bytes == Long.MAX_VALUE ? "unlimited" : String.valueOf(bytes);
    var prlimit =
        new ProcessBuilder(
                "prlimit",
                "--pid",
                String.valueOf(ProcessHandle.current().pid()),
                "--fsize=" + limit + ":unlimited")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }
}
