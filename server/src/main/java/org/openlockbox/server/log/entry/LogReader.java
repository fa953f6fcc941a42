package org.openlockbox.server.log.entry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.EntryBundle;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads tenant logs. What it returns is exactly what is stored; readers verify it against the
/// checkpoint.
public final class LogReader {
  /// Where the batch begins that holds index `from`.
  static final String START =
      """
      coalesce((select max(first_seq) from log_batch
                 where tenant_id = :tenant and first_seq <= :from), 0)
      """;

  private static final String COUNTED =
      """
      select b.tenant_id, b.gateway, b.boot, b.gw_seq, b.first_seq, b.entries
        from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
             as w (tenant_id, gateway, boot, low, high)
       cross join lateral (
             select coalesce(max(gw_seq), 0) as gw_seq from log_batch
              where tenant_id = w.tenant_id and gateway = w.gateway and boot = w.boot
                and gw_seq <= w.low) as first
        join log_batch b
          on b.tenant_id = w.tenant_id and b.gateway = w.gateway and b.boot = w.boot
             and b.gw_seq between first.gw_seq and w.high
      """;

  /// The batch that holds the newest keyring entry, of each of some tenants.
  private static final String NEWEST_KEYRING =
      """
      select h.tenant_id, h.keyring_seq, b.first_seq, b.entries
        from log_head h
        join lateral (
             select first_seq, entries from log_batch
              where tenant_id = h.tenant_id and first_seq <= h.keyring_seq
              order by first_seq desc limit 1) b on true
       where h.tenant_id = any (?)
      """;

  private final JdbcClient jdbc;
  private final LogTiles tiles;

  public LogReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.tiles = new LogTiles(jdbc);
  }

  /// Some counters of a line, both ends included.
  public record Counters(CounterLine line, long from, long to) {
    public Counters and(Counters other) {
      return new Counters(line, Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  /// A published checkpoint: its size and the signed note.
  public record PublishedCheckpoint(long size, SignedNote note) {}

  /// The newest published checkpoint, unless it is beyond the log: then it belongs to entries that
  /// were lost.
  public Optional<PublishedCheckpoint> checkpoint(TenantId tenant) {
    return jdbc.sql(
            """
            select t.origin, c.size, c.root, c.signatures
              from log_checkpoint c
              join tenant t on t.id = c.tenant_id
              join log_head h on h.tenant_id = c.tenant_id and h.size >= c.size
             where c.tenant_id = ?
            """)
        .params(tenant.value())
        .query((row, n) -> published(row))
        .optional();
  }

  private static PublishedCheckpoint published(ResultSet row) throws SQLException {
    var stored =
        new StoredCheckpoint(
            row.getLong("size"),
            Hash.of(row.getBytes("root")),
            Bytes.of(row.getBytes("signatures")));
    return new PublishedCheckpoint(stored.size(), stored.note(row.getString("origin")));
  }

  /// Number of entries, published or not.
  public long size(TenantId tenant) {
    return jdbc.sql("select size from log_head where tenant_id = ?")
        .params(tenant.value())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /// Whether the log has this head, or grew from it.
  public boolean contains(TenantId tenant, SignedHeads.TreeHead head) {
    return head.size() <= size(tenant) && tree(tenant, head.size()).root().equals(head.root());
  }

  /// The tree of the first `size` entries; makes proofs.
  public TileTree tree(TenantId tenant, long size) {
    return new TileTree((level, n) -> tiles.tile(tenant, level, n), size);
  }

  /// The bytes at a path of the C2SP read API, if the published checkpoint reaches that far.
  public Optional<byte[]> resource(TenantId tenant, TilePath path) {
    long size = checkpoint(tenant).map(PublishedCheckpoint::size).orElse(0L);
    if (path.width() > TilePath.width(path.level(), path.n(), size)) {
      return Optional.empty();
    }
    return Optional.of(path.isEntries() ? bundle(tenant, path) : prefix(tenant, path));
  }

  private byte[] prefix(TenantId tenant, TilePath path) {
    var tile = tiles.tile(tenant, path.level(), path.n());
    return Arrays.copyOf(tile, path.width() * Hash.LENGTH);
  }

  private byte[] bundle(TenantId tenant, TilePath path) {
    return EntryBundle.encode(
        entries(tenant, path.n() * LogTiles.WIDTH, path.width()).stream()
            .map(entry -> entry.bytes().toArray())
            .toList());
  }

  /// Up to `limit` entries from index `from` on.
  public List<StoredEntry> entries(TenantId tenant, long from, int limit) {
    return jdbc
        .sql(
            """
            select first_seq, entries from log_batch
             where tenant_id = :tenant and first_seq >= %s and first_seq < :to
             order by first_seq
            """
                .formatted(START))
        .param("tenant", tenant.value())
        .param("from", from)
        .param("to", from + limit)
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> entry.seq() >= from && entry.seq() < from + limit)
        .toList();
  }

  /// The entries at these places, by one query.
  public Map<Long, StoredEntry> at(TenantId tenant, Collection<Long> places) {
    return jdbc
        .sql(
            """
            select first_seq, entries from log_batch
             where tenant_id = :tenant
               and first_seq in (
                   select (select max(b.first_seq) from log_batch b
                            where b.tenant_id = :tenant and b.first_seq <= s.seq)
                     from unnest(:seqs) as s (seq))
            """)
        .param("tenant", tenant.value())
        .param("seqs", places.toArray(Long[]::new))
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> places.contains(entry.seq()))
        .collect(Collectors.toMap(StoredEntry::seq, entry -> entry));
  }

  /// The entries from index `from` on of at most so many batches of which texts are kept.
  public List<StoredEntry> withTexts(TenantId tenant, long from, int batches) {
    return jdbc
        .sql(
            """
            select first_seq, entries from log_batch
             where tenant_id = :tenant and sealed is not null and first_seq >= %s
             order by first_seq limit :limit
            """
                .formatted(START))
        .param("tenant", tenant.value())
        .param("from", from)
        .param("limit", batches)
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> entry.seq() >= from)
        .toList();
  }

  private static List<StoredEntry> batch(ResultSet row) throws SQLException {
    return BatchBytes.entries(row.getLong("first_seq"), row.getBytes("entries"));
  }

  /// The batches that mention something, from the one that holds index `from` on, at most `limit`.
  /// Looks at no more mentions than that, however many there are.
  private Stream<StoredEntry> mentioning(
      TenantId tenant, Mention.MentionKind kind, String about, long from, int limit) {
    return jdbc
        .sql(
            """
            select b.first_seq, b.entries
              from (select first_seq from log_mention
                     where tenant_id = :tenant and kind = :kind and about = :about
                       and first_seq >= %s
                     order by first_seq limit :limit) m
              join log_batch b on b.tenant_id = :tenant and b.first_seq = m.first_seq
             order by b.first_seq
            """
                .formatted(START))
        .param("tenant", tenant.value())
        .param("kind", kind.word())
        .param("about", about)
        .param("from", from)
        .param("limit", limit)
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> entry.seq() >= from);
  }

  /// Genesis and every change of the keyring.
  public List<StoredEntry> keyring(TenantId tenant) {
    return mentioning(tenant, Mention.MentionKind.KEYRING, "", 0, Integer.MAX_VALUE)
        .filter(entry -> entry.read().body() instanceof KeyringEvent)
        .toList();
  }

  /// The newest of them of each of these tenants that has any, by one query.
  public Map<TenantId, StoredEntry> newestKeyring(Collection<TenantId> tenants) {
    var newest = new HashMap<TenantId, StoredEntry>();
    jdbc.sql(NEWEST_KEYRING)
        .param(tenants.stream().map(TenantId::value).toArray(String[]::new))
        .query(
            row -> {
              int at = Math.toIntExact(row.getLong("keyring_seq") - row.getLong("first_seq"));
              newest.put(new TenantId(row.getString("tenant_id")), batch(row).get(at));
            });
    return newest;
  }

  /// What the provider has admitted to have lost.
  public List<StoredEntry> recoveries(TenantId tenant) {
    return mentioning(tenant, Mention.MentionKind.KEYRING, "", 0, Integer.MAX_VALUE)
        .filter(entry -> entry.read().body() instanceof RecoveryEvent)
        .toList();
  }

  /// What all tenants' logs say of the epoch log, if it had to go on under another name.
  public Optional<RecoveryEvent.EpochsLost> epochRecovery() {
    return jdbc.sql(
            """
            select generation, lost_size, lost_root, reason
              from epoch_recovery order by generation desc limit 1
            """)
        .query(
            (row, n) ->
                new RecoveryEvent.EpochsLost(
                    row.getInt("generation"),
                    row.getLong("lost_size"),
                    Hash.of(row.getBytes("lost_root")),
                    row.getString("reason")))
        .optional();
  }

  /// The epoch log as it is named now.
  public EpochLog epochs(String logHost) {
    var first = EpochLog.of(logHost);
    return epochRecovery().map(recovery -> first.at(recovery.generation())).orElse(first);
  }

  /// What was erased, and on whose word.
  public List<StoredEntry> erasures(TenantId tenant) {
    return mentioning(tenant, Mention.MentionKind.ERASURE, "", 0, Integer.MAX_VALUE)
        .filter(entry -> entry.read().body() instanceof ErasedEvent)
        .toList();
  }

  /// What the tenant signed for this ticket.
  public List<StoredEntry> tickets(TenantId tenant, String ticket) {
    return mentioning(tenant, Mention.MentionKind.TICKET, ticket, 0, Integer.MAX_VALUE)
        .filter(
            entry ->
                entry.read().body() instanceof TicketEvent event
                    && event.claimed().ticket().equals(ticket))
        .toList();
  }

  /// What the tenant signed for each of these tickets, by one query; nothing for the others.
  public Map<String, List<StoredEntry>> tickets(TenantId tenant, Collection<String> tickets) {
    return jdbc
        .sql(
            """
            select b.first_seq, b.entries
              from (select distinct first_seq from log_mention
                     where tenant_id = :tenant and kind = :kind and about = any (:tickets)) m
              join log_batch b on b.tenant_id = :tenant and b.first_seq = m.first_seq
             order by b.first_seq
            """)
        .param("tenant", tenant.value())
        .param("kind", Mention.MentionKind.TICKET.word())
        .param("tickets", tickets.toArray(String[]::new))
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> entry.read().body() instanceof TicketEvent)
        .collect(Collectors.groupingBy(LogReader::ticket));
  }

  private static String ticket(StoredEntry entry) {
    return entry.read().body() instanceof TicketEvent event ? event.claimed().ticket() : "";
  }

  /// What the tenant signed for tickets, the newest first, of at most so many batches.
  public List<StoredEntry> newestTickets(TenantId tenant, int batches) {
    return jdbc
        .sql(
            """
            select b.first_seq, b.entries
              from (select distinct first_seq from log_mention
                     where tenant_id = :tenant and kind = :kind
                     order by first_seq desc limit :limit) m
              join log_batch b on b.tenant_id = :tenant and b.first_seq = m.first_seq
            """)
        .param("tenant", tenant.value())
        .param("kind", Mention.MentionKind.TICKET.word())
        .param("limit", batches)
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> entry.read().body() instanceof TicketEvent)
        .sorted(Comparator.comparingLong(StoredEntry::seq).reversed())
        .toList();
  }

  /// What decides about a request: itself, its review, decisions, and what ended it. Not its
  /// sessions.
  public List<StoredEntry> authority(TenantId tenant, RequestId request) {
    var batches =
        mentioning(tenant, Mention.MentionKind.AUTHORITY, request.value(), 0, Integer.MAX_VALUE);
    return batches
        .filter(
            entry ->
                entry.read().body() instanceof RequestEvent event && event.about().equals(request))
        .toList();
  }

  /// Everything about a request, its sessions and their operations included, from index `from` on.
  public List<StoredEntry> about(TenantId tenant, RequestId request, long from, int limit) {
    return new RequestEntries(jdbc, tenant).about(request, from, limit);
  }

  /// The newest entries about a request, in log order.
  public List<StoredEntry> newest(TenantId tenant, RequestId request, int limit) {
    return new RequestEntries(jdbc, tenant).newest(request, limit);
  }

  /// The entries about a request from index `from` on that lie in the next batches with any of it,
  /// at most so many; empty only after the last.
  public List<StoredEntry> next(TenantId tenant, RequestId request, long from, int batches) {
    return new RequestEntries(jdbc, tenant).next(request, from, batches);
  }

  /// The requests whose access was ended by an entry from index `from` on.
  public List<RequestId> endings(TenantId tenant, long from, int limit) {
    return mentioning(tenant, Mention.MentionKind.ENDING, "", from, limit)
        .flatMap(entry -> ended(entry.read().body()).stream())
        .toList();
  }

  private static Optional<RequestId> ended(EntryBody body) {
    return switch (body) {
      case RequestEvent.Revoked revoked -> Optional.of(revoked.about());
      case RequestEvent.Ended ended -> Optional.of(ended.about());
      case KeyringEvent _,
          TicketEvent _,
          RequestEvent _,
          SessionEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          Optional.empty();
    };
  }

  /// The entries that a line's counters from `from` to `to` got, by counter; of all lines at once.
  public Map<CounterLine, Map<Long, StoredEntry>> counted(Collection<Counters> wanted) {
    var counted = new HashMap<CounterLine, Map<Long, StoredEntry>>();
    var lines = wanted.stream().map(Counters::line).toList();
    jdbc.sql(COUNTED)
        .param(lines.stream().map(line -> line.tenant().value()).toArray(String[]::new))
        .param(lines.stream().map(line -> line.gateway().value()).toArray(String[]::new))
        .param(lines.stream().map(CounterLine::boot).toArray(String[]::new))
        .param(wanted.stream().map(Counters::from).toArray(Long[]::new))
        .param(wanted.stream().map(Counters::to).toArray(Long[]::new))
        .query(
            row -> {
              long counter = row.getLong("gw_seq");
              var entries = counted.computeIfAbsent(line(row), _ -> new HashMap<>());
              for (var entry : batch(row)) {
                entries.put(counter++, entry);
              }
            });
    return counted;
  }

  private static CounterLine line(ResultSet row) throws SQLException {
    return new CounterLine(
        new TenantId(row.getString("tenant_id")),
        new GatewayId(row.getString("gateway")),
        row.getString("boot"));
  }
}
