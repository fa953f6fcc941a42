package org.openlockbox.server.log.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
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

  /// Two signers had one log each time it grew, and neither could sign it; the later comes first.
  @Test
  void whatTwoSignersPostponeOfOneLogIsSignedTogether() throws Exception {
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
        signer.postpone(growth(6, 7));
        signer.postpone(growth(5, 6));
        assertThat(signer.due()).containsExactly(growth(5, 7));
      }
    }
  }
}
