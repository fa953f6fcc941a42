package org.openlockbox.server.log.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.head.LogGrowth;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.log.head.SigningState;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

class CheckpointSignerTest {
  private static final TenantId ACME = new TenantId("acme");

  @TempDir private Path directory;

  private static LogGrowth growth(int from, int to) {
    return new LogGrowth(ACME, new LogOrigin("log.example/t/acme"), head(from), head(to), 0);
  }

  private static TreeHead head(int size) {
    return new TreeHead(size, Hash.sha256(new byte[size]));
  }

  /// What is done with a signer over a database that does not answer.
  private interface SignerUse {
    void with(CheckpointSigner signer) throws Exception;
  }

  private void use(SignerUse use) throws Exception {
    var file = Files.createTempFile(directory, "log", ".key");
    Files.writeString(file, SigningKeys.generate(new SecureRandom()).format());
    try (var heads = SignedHeadsFile.open(directory)) {
      var signing = new SigningState(heads, InstantSource.system());
      try (var signer =
          new CheckpointSigner(
              Database.over(new SimpleDriverDataSource()),
              LogKeys.read(file),
              new HeadGuard(signing),
              signing)) {
        use.with(signer);
      }
    }
  }

  /// Two signers had one log each time it grew, and neither could sign it; the later comes first.
  @Test
  void whatTwoSignersPostponeOfOneLogIsSignedTogether() throws Exception {
    use(
        signer -> {
          signer.postpone(growth(6, 7));
          signer.postpone(growth(5, 6));
          assertThat(signer.due()).containsExactly(growth(5, 7));
        });
  }

  @Test
  void aSignerThatFindsNoMemoryGoesOn() throws Exception {
    var failed = new Semaphore(0);
    use(
        signer -> {
          signer.tellWaits(
              nanos -> {
                failed.release();
                throw new OutOfMemoryError("thrown by a test");
              });
          signer.start();
          for (int i = 0; i < 4; i++) {
            signer.note(growth(i, i + 1));
            assertThat(failed.tryAcquire(20, TimeUnit.SECONDS)).as("time " + i).isTrue();
          }
          assertThat(signer.isRunning()).isTrue();
        });
  }
}
