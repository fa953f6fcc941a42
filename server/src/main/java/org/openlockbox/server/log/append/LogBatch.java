package org.openlockbox.server.log.append;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.BatchBytes;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.log.entry.Mention;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.log.head.LogGrowth;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tile.TileGrowth;
import org.openlockbox.tlog.tile.TileWriter;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// Entries being appended to one or more tenant logs. As a rule inside one open transaction, whose
/// heads it holds locked: nobody else gives an index of these logs meanwhile. Or over heads that
/// are only remembered ([TenantLogs#remembered]): then the database writes what goes on from them.
/// Nothing is stored before it is written; a crash or rollback leaves every log as it was.
public final class LogBatch {
  /// Consecutive entries of a log that are one row: the server's own, or a boot's whose counters
  /// run with the indices.
  static final class EntryRun {
    final long firstSeq;
    final Optional<GatewayStamp> first;
    final List<Bytes> entries = new ArrayList<>();
    final List<OpenedText> texts = new ArrayList<>();
    final Set<Mention> mentions = new LinkedHashSet<>();

    EntryRun(long firstSeq, Optional<GatewayStamp> first) {
      this.firstSeq = firstSeq;
      this.first = first;
    }

    private boolean isContinuedBy(Optional<GatewayStamp> next) {
      return next.map(this::isContinuedBy).orElse(first.isEmpty());
    }

    private boolean isContinuedBy(GatewayStamp next) {
      return first
          .filter(stamp -> stamp.id().equals(next.id()) && stamp.boot().equals(next.boot()))
          .filter(stamp -> stamp.seq() + entries.size() == next.seq())
          .isPresent();
    }
  }

  /// One tenant's log head as it was when locked, and what has been appended since.
  public static final class LockedLog {
    public final LogOrigin origin;
    public final CompactRange before;
    final Optional<Problem> refusal;
    public int keyNo;
    public long keyringSeq;
    public final Map<CounterLine, Long> counters = new HashMap<>();
    final List<Hash> leaves = new ArrayList<>();
    final List<EntryRun> runs = new ArrayList<>();
    boolean onlyEnds = true;
    private BlockMentions mentioned;

    /// @param mentioned what is known of its newest block
    /// @param refusal why nothing may be appended to it
    public LockedLog(
        LogOrigin origin,
        CompactRange before,
        long keyringSeq,
        int keyNo,
        BlockMentions mentioned,
        Optional<Problem> refusal) {
      this.mentioned = mentioned;
      this.origin = origin;
      this.before = before;
      this.keyringSeq = keyringSeq;
      this.keyNo = keyNo;
      this.refusal = refusal;
    }

    long size() {
      return before.size() + leaves.size();
    }

    /// The leaf hashes of one of its runs.
    List<Hash> leaves(EntryRun run) {
      int at = (int) (run.firstSeq - before.size());
      return leaves.subList(at, at + run.entries.size());
    }

    private void mention(EntryRun run, Mention mention) {
      if (!mention.standsForBlock()) {
        run.mentions.add(mention);
      } else if (!mentioned.covers(run.firstSeq, mention)) {
        run.mentions.add(mention);
        mentioned = mentioned.and(run.firstSeq, mention);
      }
    }

    /// What its newest block mentions once it is written, as far as that is known.
    public BlockMentions mentioned() {
      return mentioned;
    }

    private EntryRun runFor(Optional<GatewayStamp> stamp) {
      if (runs.isEmpty() || !runs.getLast().isContinuedBy(stamp)) {
        runs.add(new EntryRun(size(), stamp));
      }
      return runs.getLast();
    }
  }

  /// What an append changes in one log; `tiles` are those above the leaves.
  public record LogChange(
      TenantId tenant, LockedLog log, CompactRange range, List<TileGrowth> tiles) {
    public LogGrowth growth() {
      return new LogGrowth(
          tenant, log.origin, SignedHeads.TreeHead.of(log.before), head(), log.keyringSeq);
    }

    public SignedHeads.TreeHead head() {
      return SignedHeads.TreeHead.of(range);
    }
  }

  private final SortedMap<TenantId, LockedLog> logs;
  private final Instant now;

  /// @param counters the next counter of each line that this batch was locked for
  public LogBatch(
      SortedMap<TenantId, LockedLog> logs, Map<CounterLine, Long> counters, Instant now) {
    this.logs = logs;
    this.now = now;
    counters.forEach(
        (line, next) ->
            Optional.ofNullable(logs.get(line.tenant()))
                .ifPresent(log -> log.counters.put(line, next)));
  }

  /// Whether it has this tenant's head.
  public boolean holds(TenantId tenant) {
    return logs.containsKey(tenant);
  }

  /// Whether it may append to this tenant's log.
  public boolean isOpen(TenantId tenant) {
    var log = logs.get(tenant);
    return log != null && log.refusal.isEmpty();
  }

  /// Whether an entry of it ends access.
  public boolean endsAccess() {
    return logs.values().stream()
        .flatMap(log -> log.runs.stream())
        .anyMatch(run -> run.mentions.contains(Mention.ENDING));
  }

  /// Whether nobody gets any access by it: its entries end some, or tell of what was done.
  public boolean onlyEnds() {
    return logs.values().stream().allMatch(log -> log.onlyEnds);
  }

  /// Index of the newest keyring entry of this tenant's log.
  long keyringSeq(TenantId tenant) {
    return locked(tenant).keyringSeq;
  }

  /// The counter of the next entry of this line, which the batch was locked for.
  public long nextCounter(CounterLine line) {
    return locked(line.tenant()).counters.getOrDefault(line, 0L);
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
    var entry = new LogEntry(log.origin, log.size(), now, body, gateway);
    var bytes = entry.bytes();
    var run = log.runFor(gateway);
    run.entries.add(bytes);
    Mention.of(body, request).forEach(mention -> log.mention(run, mention));
    log.onlyEnds &= endsOrTells(body);
    log.leaves.add(MerkleTree.leafHash(bytes.toArray()));
    if (body instanceof KeyringEvent) {
      log.keyringSeq = entry.seq();
    }
    gateway.ifPresent(stamp -> log.counters.put(CounterLine.of(tenant, stamp), stamp.seq() + 1));
    return new StoredEntry(entry.seq(), bytes);
  }

  private static boolean endsOrTells(EntryBody body) {
    return switch (body) {
      case RequestEvent.Decided decided -> !decided.claimed().approves();
      case RequestEvent.Automatic automatic -> automatic.grant().isEmpty();
      case KeyringEvent.SettingsChanged settings ->
          KeyringChange.parse(settings.envelope().payloadJson()).change().takesAccessAway();
      case RequestEvent.Revoked _,
          RequestEvent.Ended _,
          RequestEvent.Withdrawn _,
          RequestEvent.Lapsed _,
          KeyringEvent.KeyRemoved _,
          KeyringEvent.GatewayRevoked _,
          KeyringEvent.AuthorityObjected _,
          SessionEvent.Operation _,
          StreamPart _,
          SessionEvent.Outcome _,
          SessionEvent.Closed _,
          SessionEvent.Lost _,
          SessionEvent.RemovalFailed _ ->
          true;
      case RequestEvent.Requested _,
          RequestEvent.Reviewed _,
          SessionEvent.Opened _,
          KeyringEvent.Founded _,
          KeyringEvent.KeyAdded _,
          KeyringEvent.PolicyChanged _,
          KeyringEvent.AuthorityChanged _,
          KeyringEvent.LogKeysChanged _,
          TicketEvent _,
          ErasedEvent _,
          RecoveryEvent _ ->
          false;
    };
  }

  /// Takes note that the caller's transaction, which holds this tenant's head, has given its texts
  /// another data key.
  public void sealsWith(TenantId tenant, int keyNo) {
    locked(tenant).keyNo = keyNo;
  }

  /// Keeps a text that this tenant's newest entry commits to beside the log.
  public void keep(TenantId tenant, OpenedText text) {
    locked(tenant).runs.getLast().texts.add(text);
  }

  /// Whether a text is so large that it does not lie in the row of its batch.
  public boolean hasLargeTexts() {
    return logs.values().stream()
        .flatMap(log -> log.runs.stream())
        .flatMap(run -> run.texts.stream())
        .anyMatch(text -> text.text().size() > BatchBytes.LARGEST_TEXT);
  }

  public List<LogChange> changes() {
    var changes = new ArrayList<LogChange>();
    logs.forEach(
        (tenant, log) -> {
          if (!log.leaves.isEmpty()) {
            var after = TileWriter.append(log.before, log.leaves);
            var tiles = after.growth().stream().filter(tile -> tile.level() > 0).toList();
            changes.add(new LogChange(tenant, log, after.range(), tiles));
          }
        });
    return changes;
  }

  /// The time that the entries of this batch carry.
  public Instant now() {
    return now;
  }

  private LockedLog locked(TenantId tenant) {
    var log = logs.get(tenant);
    if (log == null) {
      throw Problem.notFound();
    }
    if (log.refusal.isPresent()) {
      throw log.refusal.get();
    }
    return log;
  }

  public static SortedMap<TenantId, LockedLog> byTenant() {
    return new TreeMap<>(Comparator.comparing(TenantId::value));
  }
}
