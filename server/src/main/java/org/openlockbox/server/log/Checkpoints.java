package org.openlockbox.server.log;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.Hash;

/// Signs checkpoints of heads that continue what was signed last of their logs, and publishes them.
final class Checkpoints {
  private final LogRows rows;
  private final LogReader reader;
  private final LogKeys keys;
  private final HeadGuard guard;

  Checkpoints(LogRows rows, LogReader reader, LogKeys keys, HeadGuard guard) {
    this.rows = rows;
    this.reader = reader;
    this.keys = keys;
    this.guard = guard;
  }

  /// Signs and publishes in the caller's transaction, so that a log and its checkpoint appear
  /// together. Throws if one of the logs does not continue what was signed.
  ///
  /// @return the heads to remember as signed once the transaction has committed, and not before: a
  ///   head that was rolled back was shown to nobody
  Map<String, SignedHeads.Head> publishWithin(List<LogBatch.Change> changes) {
    require(changes);
    var grown = changes.stream().map(LogBatch.Change::growth).toList();
    rows.publish(grown.stream().map(this::signed).toList());
    return heads(grown);
  }

  /// Throws if one of the logs does not continue what was signed.
  void require(List<LogBatch.Change> changes) {
    for (var change : changes) {
      guard.require(change.growth(), size -> root(change.tenant(), size));
    }
  }

  /// Signs and publishes those of these committed heads that continue what was signed last, after
  /// remembering all of them with one force to the disk.
  void publish(List<Growth> grown) {
    var sound = grown.stream().filter(this::isSound).toList();
    if (!sound.isEmpty()) {
      guard.signed(heads(sound));
      rows.publish(sound.stream().map(this::signed).toList());
    }
  }

  private static Map<String, SignedHeads.Head> heads(List<Growth> grown) {
    return grown.stream().collect(Collectors.toMap(one -> one.origin().value(), Growth::to));
  }

  private boolean isSound(Growth grown) {
    if (guard.continues(grown, size -> root(grown.tenant(), size))) {
      return true;
    }
    // Something newer may have been signed since.
    var origin = grown.origin().value();
    if (!guard.continues(
        origin, () -> rows.head(grown.tenant()).range(), size -> root(grown.tenant(), size))) {
      guard.refused(origin, rows.head(grown.tenant()).range().size());
    }
    return false;
  }

  private Hash root(TenantId tenant, long size) {
    return reader.tree(tenant, size).root();
  }

  private LogRows.Signed signed(Growth grown) {
    var origin = grown.origin().value();
    var checkpoint = new Checkpoint(origin, grown.to().size(), grown.to().root());
    var note = keys.signer(origin).sign(checkpoint.format());
    return new LogRows.Signed(grown.tenant(), StoredCheckpoint.of(checkpoint, note.signatures()));
  }
}
