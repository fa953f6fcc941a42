package org.openlockbox.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
  @TempDir private Path home;

  /// As when several commands meet a tenant for the first time at once, and keep its pin.
  @Test
  void whoReadsWhileItIsReplacedFindsAllOfIt() throws IOException {
    Path file = home.resolve("pins/acme");
    PrivateFile.replace(file, "1".repeat(64));
    var replaced =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                PrivateFile.replace(file, String.valueOf(i % 10).repeat(64));
              }
            });
    while (!replaced.isDone()) {
      assertThat(PrivateFile.read(file, "pin")).hasSize(64);
    }
    replaced.join();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var left = Files.list(file.resolveSibling(""))) {
      assertThat(left).containsExactly(file);
    }
  }
}
