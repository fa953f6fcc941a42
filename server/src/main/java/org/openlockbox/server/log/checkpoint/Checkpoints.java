package org.openlockbox.server.log.checkpoint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredCheckpoint;
import org.openlockbox.server.log.head.LogGrowth;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Signs checkpoints of heads that continue what was signed last of their logs, and publishes them.
public final class Checkpoints {
  private final LogRows rows;
  private final CheckpointRows published;
  private final LogReader reader;
  private final CheckpointPairs pairs;
  private final HeadGuard guard;

  public Checkpoints(JdbcClient jdbc, CheckpointPairs pairs, HeadGuard guard) {
    this.rows = new LogRows(jdbc);
    this.published = new CheckpointRows(jdbc);
    this.reader = new LogReader(jdbc);
    this.pairs = pairs;
    this.guard = guard;
  }

  /// Signs and publishes in the caller's transaction, so that a log and its checkpoint appear
  /// together. Throws if one of the logs does not continue what was signed.
  ///
  /// @return the heads to remember as signed once the transaction has committed, and not before: a
  ///   head that was rolled back was shown to nobody
  public Map<String, SignedHeads.TreeHead> publishWithin(List<LogBatch.LogChange> changes) {
    require(changes);
    var grown = changes.stream().map(LogBatch.LogChange::growth).toList();
    var shown = published.publish(grown.stream().map(one -> signed(one, signer(one))).toList());
    if (shown.published().size() != grown.size()) {
      throw new IllegalStateException(
          "published %d of %d checkpoints".formatted(shown.published().size(), grown.size()));
    }
    return heads(grown);
  }

  /// Throws if one of the logs does not continue what was signed.
  public void require(List<LogBatch.LogChange> changes) {
    for (var change : changes) {
      guard.require(change.growth(), size -> root(change.tenant(), size));
    }
  }

  /// Signs and publishes those of these committed heads that continue what was signed last, after
  /// remembering all of them with one force to the disk. One that the log does not contain any
  /// more, because its entries were lost meanwhile, is shown to nobody; from then on the log is
  /// behind what was signed.
  void publish(List<LogGrowth> grown) {
    var sound = grown.stream().filter(this::isSound).toList();
    if (!sound.isEmpty()) {
      var signers = new HashMap<LogGrowth, LogSigner>();
      sound.forEach(one -> signers.put(one, committedSigner(one)));
      guard.signed(heads(sound));
      var newest = sound.stream().filter(this::isNewest).toList();
      var shown =
          published.publish(
              newest.stream()
                  .map(one -> signed(one, Objects.requireNonNull(signers.get(one))))
                  .toList());
      newest.stream().filter(one -> shown.strange().contains(one.tenant())).forEach(this::refuse);
    }
  }

  /// Whether no other server has signed more: that may only just have been learned, and the log may
  /// not continue it.
  private boolean isNewest(LogGrowth grown) {
    var last = guard.last(grown.origin().value());
    return last.filter(known -> known.size() > grown.to().size()).isEmpty() || isSound(grown);
  }

  private void refuse(LogGrowth grown) {
    guard.refused(grown.origin().value(), rows.head(grown.tenant()).range().size());
  }

  private static Map<String, SignedHeads.TreeHead> heads(List<LogGrowth> grown) {
    return grown.stream().collect(Collectors.toMap(one -> one.origin().value(), LogGrowth::to));
  }

  private boolean isSound(LogGrowth grown) {
    if (guard.continues(grown, size -> root(grown.tenant(), size))) {
      return true;
    }
    // Something newer may have been signed since.
    var origin = grown.origin().value();
    if (!guard.continues(
        origin, () -> rows.head(grown.tenant()).range(), size -> root(grown.tenant(), size))) {
      refuse(grown);
    }
    return false;
  }

  private Hash root(TenantId tenant, long size) {
    return reader.tree(tenant, size).root();
  }

  /// Whether this server has the keys of all these logs.
  public boolean canSign(List<LogBatch.LogChange> changes) {
    return changes.stream().allMatch(change -> pairs.uncommitted(change.growth()).isPresent());
  }

  private LogSigner committedSigner(LogGrowth grown) {
    return pairs.committed(grown).orElseThrow(() -> noKeys(grown));
  }

  private LogSigner signer(LogGrowth grown) {
    return pairs.uncommitted(grown).orElseThrow(() -> noKeys(grown));
  }

  private static IllegalStateException noKeys(LogGrowth grown) {
    return new IllegalStateException(
        "the keys that %s names are not on this server: copy the next pair of log keys here"
            .formatted(grown.origin()));
  }

  private static CheckpointRows.TenantCheckpoint signed(LogGrowth grown, LogSigner signer) {
    var origin = grown.origin().value();
    var checkpoint = new Checkpoint(origin, grown.to().size(), grown.to().root());
    var note = signer.sign(checkpoint.format());
    return new CheckpointRows.TenantCheckpoint(
        grown.tenant(), StoredCheckpoint.of(checkpoint, note.signatures()));
  }
}
