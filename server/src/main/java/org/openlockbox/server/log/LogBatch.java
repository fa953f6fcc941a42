package org.openlockbox.server.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.access.RequestId;
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
    final int keyNo;
    final long nextCounter;
    long keyringSeq;
    final List<Bytes> entries = new ArrayList<>();
    final List<Hash> leaves = new ArrayList<>();
    final List<OpenedText> texts = new ArrayList<>();
    final Set<Mention> mentions = new LinkedHashSet<>();
    Optional<GatewayStamp> stamp = Optional.empty();

    Locked(LogOrigin origin, CompactRange before, long keyringSeq, int keyNo, long nextCounter) {
      this.origin = origin;
      this.before = before;
      this.keyringSeq = keyringSeq;
      this.keyNo = keyNo;
      this.nextCounter = nextCounter;
    }

    long size() {
      return before.size() + leaves.size();
    }

    /// One row holds either the server's own entries or a run of one gateway's counters.
    private void checkRun(Optional<GatewayStamp> next) {
      if (leaves.isEmpty()) {
        stamp = next;
      } else if (!next.map(this::continuesRun).orElse(stamp.isEmpty())) {
        throw new IllegalStateException("a batch of a log is one run of counters");
      }
    }

    private boolean continuesRun(GatewayStamp next) {
      return stamp
          .filter(first -> first.id().equals(next.id()) && first.boot().equals(next.boot()))
          .filter(first -> first.seq() + leaves.size() == next.seq())
          .isPresent();
    }
  }

  /// What an append changes in one log.
  record Change(TenantId tenant, Locked log, CompactRange range, List<TileGrowth> growth) {}

  private final SortedMap<TenantId, Locked> logs;
  private final Instant now;

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

  /// The counter of the next entry of the gateway's boot that this batch was locked for.
  public long nextCounter(TenantId tenant) {
    var log = locked(tenant);
    return log.nextCounter + log.leaves.size();
  }

  public long size(TenantId tenant) {
    return locked(tenant).size();
  }

  /// Gives an entry of the server about the keyring or a request the next index and its final
  /// bytes.
  public StoredEntry append(TenantId tenant, EntryBody body) {
    return append(tenant, body, Optional.empty(), body.request());
  }

  /// Gives an entry, which may be a gateway's, the next index and its final bytes.
  ///
  /// @param request the request that it belongs to, also where its body only names the session
  public StoredEntry append(
      TenantId tenant,
      EntryBody body,
      Optional<GatewayStamp> gateway,
      Optional<RequestId> request) {
    var log = locked(tenant);
    log.checkRun(gateway);
    var entry = new LogEntry(log.origin, log.size(), now, body, gateway);
    var bytes = entry.bytes();
    log.entries.add(bytes);
    log.leaves.add(MerkleTree.leafHash(bytes.toArray()));
    log.mentions.addAll(Mention.of(body, request));
    if (body instanceof KeyringEvent) {
      log.keyringSeq = entry.seq();
    }
    return new StoredEntry(entry.seq(), bytes);
  }

  /// Keeps the text of a commitment beside the log.
  public void keep(TenantId tenant, OpenedText text) {
    locked(tenant).texts.add(text);
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
