package org.openlockbox.server.log.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.server.log.checkpoint.HeadsInDoubt.LogState;
import org.openlockbox.server.log.checkpoint.HeadsInDoubt.SignedHead;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

class HeadsInDoubtTest {
  private static final String ACME = "log.example/t/acme";
  private static final String GLOBEX = "log.example/t/globex";

  @TempDir private Path directory;

  private static TreeHead head(int size, int root) {
    return new TreeHead(size, Hash.sha256(new byte[] {(byte) root}));
  }

  /// What the database shows of one log may be wrong.
  @Test
  void aHeadThatContradictsWhatWasSignedKeepsNoOtherFromBeingRemembered() {
    try (var heads = SignedHeadsFile.open(directory)) {
      heads.advance(Map.of(ACME, head(5, 1)));
      var doubts =
          new HeadsInDoubt(JdbcClient.create(new SimpleDriverDataSource()), new HeadGuard(heads));
      doubts.add(Map.of(ACME, head(5, 2), GLOBEX, head(3, 3)));
      doubts.settle(List.of(there(ACME, head(5, 2)), there(GLOBEX, head(3, 3))));
      assertThat(heads.last(ACME)).contains(head(5, 1));
      assertThat(heads.last(GLOBEX)).contains(head(3, 3));
      assertThat(doubts.isEmpty()).isTrue();
    }
  }

  private static LogState there(String origin, TreeHead head) {
    return new LogState(new SignedHead(origin, head), true, true);
  }
}
