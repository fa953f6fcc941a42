package org.openlockbox.server.log.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.RememberedHeads;
import org.openlockbox.server.log.append.BlockMentions;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.tlog.tile.TileWriter;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// A log that grows while it is looked at was not set back.
class HeadGuardTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final LogOrigin ORIGIN = new LogOrigin("log.example/t/acme");

  @TempDir private Path directory;
  private SignedHeadsFile signed;
  private HeadGuard guard;

  @BeforeEach
  void open() {
    signed = SignedHeadsFile.open(directory);
    guard = new HeadGuard(signed);
  }

  @AfterEach
  void close() {
    signed.close();
  }

  private static CompactRange entries(int count) {
    List<Hash> leaves =
        IntStream.range(0, count)
            .mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i}))
            .toList();
    return TileWriter.append(CompactRange.empty(), leaves).range();
  }

  private void sign(CompactRange range) {
    guard.signed(Map.of(ORIGIN.value(), SignedHeads.TreeHead.of(range)));
  }

  @Test
  void whatIsSignedWhileItIsReadDoesNotSetItBack() {
    sign(entries(3));
    assertThat(
            guard.continues(
                ORIGIN.value(),
                () -> {
                  sign(entries(6));
                  return entries(5);
                },
                size -> entries((int) size).root()))
        .isTrue();
  }

  @Test
  void whatWasSignedBeforeIsInIt() {
    sign(entries(6));
    assertThat(
            guard.continues(ORIGIN.value(), () -> entries(5), size -> entries((int) size).root()))
        .isFalse();
  }

  /// Else a thread that comes late takes its log for one that was set back.
  @Test
  void aRememberedHeadIsNoneOnceMoreWasSigned() {
    var remembered = new RememberedHeads(guard);
    var change = firstEntry();
    remembered.committed(change);
    guard.signed(Map.of(ORIGIN.value(), change.head()));
    assertThat(remembered.of(ACME)).isPresent();
    sign(entries(2));
    assertThat(remembered.of(ACME)).isEmpty();
  }

  private static LogBatch.LogChange firstEntry() {
    var logs = LogBatch.byTenant();
    logs.put(
        ACME,
        new LogBatch.LockedLog(
            ORIGIN, CompactRange.empty(), 0, 0, BlockMentions.NONE, Optional.empty()));
    var batch = new LogBatch(logs, Map.of(), Instant.EPOCH);
    var lost = new SessionEvent.Lost(new SessionId("S-0000000000000000"), "gone");
    batch.append(ACME, lost, Optional.empty(), Optional.of(new RequestId("R-0000000000")));
    return batch.changes().getFirst();
  }
}
