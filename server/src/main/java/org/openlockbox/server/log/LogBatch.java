package org.openlockbox.server.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.EntryBody;
import org.openlockbox.core.evidence.GatewayStamp;
import org.openlockbox.core.evidence.KeyringEvent;
import org.openlockbox.core.evidence.LogEntry;
import org.openlockbox.core.evidence.OpenedText;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.CompactRange;
import org.openlockbox.tlog.Hash;
import org.openlockbox.tlog.MerkleTree;
import org.openlockbox.tlog.TileGrowth;
import org.openlockbox.tlog.TileWriter;

/// Entries being appended to one or more tenant logs inside one open transaction, whose heads it
/// holds locked. Nothing is stored before [TenantLogs#write]; a crash or rollback leaves every log
/// as it was.
public final class LogBatch {
  /// One tenant's log head as it was when locked, and what has been appended since.
  static final class Locked {
    final LogOrigin origin;
    final CompactRange before;
    long keyringSeq;
    final List<LogEntry> entries = new ArrayList<>();
    final List<Bytes> bytes = new ArrayList<>();
    final List<Hash> leaves = new ArrayList<>();

    Locked(LogOrigin origin, CompactRange before, long keyringSeq) {
      this.origin = origin;
      this.before = before;
      this.keyringSeq = keyringSeq;
    }

    long size() {
      return before.size() + leaves.size();
    }
  }

  /// What an append changes in one log.
  record Change(TenantId tenant, Locked log, CompactRange range, List<TileGrowth> growth) {}

  private final SortedMap<TenantId, Locked> logs;
  private final Instant now;
  private final List<OpenedText> texts = new ArrayList<>();
  private final List<TenantId> textTenants = new ArrayList<>();

  LogBatch(SortedMap<TenantId, Locked> logs, Instant now) {
    this.logs = logs;
    this.now = now;
  }

  /// The tenants whose heads are locked; a tenant that does not exist is not among them.
  public Collection<TenantId> tenants() {
    return logs.keySet();
  }

  /// Index of the newest keyring entry of this tenant's log.
  public long keyringSeq(TenantId tenant) {
    return locked(tenant).keyringSeq;
  }

  public long size(TenantId tenant) {
    return locked(tenant).size();
  }

  /// Gives an entry of the server the next index and its final bytes.
  public StoredEntry append(TenantId tenant, EntryBody body) {
    return append(tenant, body, Optional.empty());
  }

  /// Gives an entry, which may be a gateway's, the next index and its final bytes.
  public StoredEntry append(TenantId tenant, EntryBody body, Optional<GatewayStamp> gateway) {
    var log = locked(tenant);
    var entry = new LogEntry(log.origin, log.size(), now, body, gateway);
    var bytes = entry.bytes();
    log.entries.add(entry);
    log.bytes.add(bytes);
    log.leaves.add(MerkleTree.leafHash(bytes.toArray()));
    if (body instanceof KeyringEvent) {
      log.keyringSeq = entry.seq();
    }
    return new StoredEntry(entry.seq(), bytes);
  }

  /// Keeps the text of a commitment beside the log.
  public void keep(TenantId tenant, OpenedText text) {
    textTenants.add(tenant);
    texts.add(text);
  }

  List<Change> changes() {
    var changes = new ArrayList<Change>();
    logs.forEach(
        (tenant, log) -> {
          if (!log.leaves.isEmpty()) {
            var after = TileWriter.append(log.before, log.leaves);
            changes.add(new Change(tenant, log, after.range(), after.growth()));
          }
        });
    return changes;
  }

  List<OpenedText> texts() {
    return texts;
  }

  List<TenantId> textTenants() {
    return textTenants;
  }

  /// The time that the entries of this batch carry.
  public Instant now() {
    return now;
  }

  private Locked locked(TenantId tenant) {
    var log = logs.get(tenant);
    if (log == null) {
      throw Problem.notFound();
    }
    return log;
  }

  static SortedMap<TenantId, Locked> byTenant() {
    return new TreeMap<>(Comparator.comparing(TenantId::value));
  }
}
