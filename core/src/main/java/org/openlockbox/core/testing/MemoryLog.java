package org.openlockbox.core.testing;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tile.TileWriter;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.MerkleTree;

/// A tenant log in memory that appends whatever it is told to, true or not, and proves all of it.
/// Whoever needs several answers about one state holds the log's monitor.
public final class MemoryLog {
  private final LogOrigin origin;
  private LogSigner signer;
  private final InstantSource clock;
  private final List<Bytes> entries = new ArrayList<>();
  private final List<LogEntry> parsed = new ArrayList<>();
  private final Map<String, ByteArrayOutputStream> tiles = new HashMap<>();
  private CompactRange range = CompactRange.empty();

  public MemoryLog(LogOrigin origin, LogSigner signer, InstantSource clock) {
    this.origin = origin;
    this.signer = signer;
    this.clock = clock;
  }

  /// From now on these keys sign [#checkpoint].
  public synchronized void signBy(LogSigner next) {
    signer = next;
  }

  public LogOrigin origin() {
    return origin;
  }

  public synchronized long size() {
    return entries.size();
  }

  /// Appends an entry that the server writes by itself, now.
  public LogEntry append(EntryBody body) {
    return append(body, Optional.empty());
  }

  /// Appends a gateway's entry, now.
  public LogEntry append(EntryBody body, GatewayStamp stamp) {
    return append(body, Optional.of(stamp));
  }

  private synchronized LogEntry append(EntryBody body, Optional<GatewayStamp> stamp) {
    Instant now = clock.instant();
    var entry = new LogEntry(origin, size(), now, body, stamp);
    appendRaw(entry.bytes());
    return entry;
  }

  /// Appends any bytes as a leaf.
  public synchronized void appendRaw(Bytes leaf) {
    entries.add(leaf);
    var appended = TileWriter.append(range, List.of(MerkleTree.leafHash(leaf.toArray())));
    range = appended.range();
    for (var growth : appended.growth()) {
      tiles
          .computeIfAbsent(growth.level() + "/" + growth.n(), name -> new ByteArrayOutputStream())
          .writeBytes(growth.bytes());
    }
  }

  public synchronized Bytes entry(long seq) {
    return entries.get((int) seq);
  }

  /// The signed checkpoint of all entries so far.
  public synchronized String checkpoint() {
    var checkpoint = new Checkpoint(origin.value(), size(), range.root());
    return signer.sign(checkpoint.format()).format();
  }

  /// The entries that were asked for, each with its proof to [#checkpoint].
  public synchronized List<LoggedEntry> proven(Predicate<LogEntry> wanted) {
    var tree = tree(size());
    for (int i = parsed.size(); i < entries.size(); i++) {
      parsed.add(LogEntry.parse(entries.get(i)));
    }
    return parsed.stream().filter(wanted).map(entry -> proven(tree, entry.seq())).toList();
  }

  /// One entry with its proof to [#checkpoint].
  public synchronized LoggedEntry proven(long seq) {
    return proven(tree(size()), seq);
  }

  private LoggedEntry proven(TileTree tree, long seq) {
    return new LoggedEntry(entry(seq), tree.inclusion(seq).hashes());
  }

  /// The tree of the first `size` entries; makes proofs.
  public synchronized TileTree tree(long size) {
    return new TileTree(
        (level, n) -> {
          var tile = tiles.get(level + "/" + n);
          return tile == null ? new byte[0] : tile.toByteArray();
        },
        size);
  }
}
