package org.openlockbox.server.log;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.openlockbox.core.evidence.GatewayStamp;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.CompactRange;
import org.openlockbox.tlog.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Appends to tenant logs (C2SP tlog-tiles, one log a tenant). Always inside the caller's
/// transaction: the state a step changes and its entry are committed together or not at all. The
/// locked head row gives each tenant one order, whichever server appends.
public final class TenantLogs {
  /// Heads, and the counters that a gateway's boot goes on with. These are read by the snapshot
  /// from before the wait for the lock: a batch that committed meanwhile makes the insert fail on
  /// `log_batch_counter`, and the gateway sends again.
  private static final String LOCK =
      """
      select h.tenant_id, t.origin, h.size, h.range, h.keyring_seq, h.key_no, coalesce(last.next, 0) as next
        from log_head h
        join tenant t on t.id = h.tenant_id
        left join lateral (
             select gw_seq + count as next from log_batch
              where tenant_id = h.tenant_id and gateway = :gateway and boot = :boot
              order by gw_seq desc limit 1) as last on true
       where h.tenant_id %s
       order by h.tenant_id
         for update of h
      """;

  /// For one tenant the database plans once and for all; an array it plans for anew each time.
  private static final String LOCK_ONE = LOCK.formatted("= :tenants");

  private static final String LOCK_SOME = LOCK.formatted("= any (:tenants)");

  /// Entries, mentions, tile pieces, texts and heads of the whole batch in one round trip.
  private static final String WRITE =
      """
      with batches as (
        insert into log_batch (tenant_id, first_seq, count, gateway, boot, gw_seq, entries)
        select * from unnest(?::text[], ?::bigint[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::bytea[])
      ), mentions as (
        insert into log_mention (tenant_id, kind, about, first_seq)
        select * from unnest(?::text[], ?::text[], ?::text[], ?::bigint[])
      ), tiles as (
        insert into log_tile (tenant_id, level, n, at, hashes)
        select * from unnest(?::text[], ?::smallint[], ?::bigint[], ?::smallint[], ?::bytea[])
      ), texts as (
        insert into log_text (tenant_id, first_seq, key_no, sealed)
        select * from unnest(?::text[], ?::bigint[], ?::int[], ?::bytea[])
      )
      update log_head h
         set size = u.size, range = u.range, keyring_seq = u.keyring_seq
        from unnest(?::text[], ?::bigint[], ?::bytea[], ?::bigint[])
             as u (tenant_id, size, range, keyring_seq)
       where h.tenant_id = u.tenant_id
      """;

  private static final String PUBLISH =
      """
      insert into log_checkpoint (tenant_id, size, note) values (?, ?, ?)
      on conflict (tenant_id) do update set size = excluded.size, note = excluded.note
       where log_checkpoint.size < excluded.size
      """;

  private final JdbcClient jdbc;
  private final LogKeys keys;
  private final HeadGuard guard;
  private final Texts texts;
  private final LogReader reader;
  private final InstantSource clock;
  private final Consumer<TenantId> unsigned;

  /// `unsigned` is told, after the commit, of each log that grew without a new checkpoint.
  public TenantLogs(
      JdbcClient jdbc,
      LogKeys keys,
      HeadGuard guard,
      Texts texts,
      InstantSource clock,
      Consumer<TenantId> unsigned) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.guard = guard;
    this.texts = texts;
    this.reader = new LogReader(jdbc);
    this.clock = clock;
    this.unsigned = unsigned;
  }

  /// Makes the empty log of a new tenant; its first entry must be the genesis, in the same
  /// transaction.
  public void create(TenantId tenant) {
    jdbc.sql(
            """
            insert into log_head (tenant_id, size, range, keyring_seq, key_no)
            values (?, 0, ''::bytea, 0, 1)
            """)
        .params(tenant.value())
        .update();
    texts.begin(tenant);
  }

  /// Locks the head of this tenant's log until the transaction ends, for entries of the server.
  public LogBatch lock(TenantId tenant) {
    return lock(List.of(tenant), "", "");
  }

  /// Locks the heads of these tenants, in one order for every caller, until the transaction ends,
  /// for entries of this boot of a gateway. Take it before any other row of these tenants.
  public LogBatch lock(Collection<TenantId> tenants, GatewayId gateway, String boot) {
    return lock(tenants, gateway.value(), boot);
  }

  private LogBatch lock(Collection<TenantId> tenants, String gateway, String boot) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("a log is appended to only inside a transaction");
    }
    var logs = LogBatch.byTenant();
    var ids = tenants.stream().map(TenantId::value).distinct().toArray(String[]::new);
    jdbc.sql(ids.length == 1 ? LOCK_ONE : LOCK_SOME)
        .param("gateway", gateway)
        .param("boot", boot)
        .param("tenants", ids.length == 1 ? ids[0] : ids)
        .query((row, n) -> logs.put(new TenantId(row.getString("tenant_id")), locked(row)))
        .list();
    return new LogBatch(logs, clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  private LogBatch.Locked locked(ResultSet row) throws SQLException {
    var origin = new LogOrigin(row.getString("origin"));
    var range = StoredRange.of(row.getLong("size"), row.getBytes("range"));
    if (guard.isBehind(origin.value(), range)) {
      throw guard.refused(origin.value(), range.size());
    }
    return new LogBatch.Locked(
        origin, range, row.getLong("keyring_seq"), row.getInt("key_no"), row.getLong("next"));
  }

  /// Stores the batch and leaves its checkpoint to the next round of signing.
  public void write(LogBatch batch) {
    var changes = batch.changes();
    store(changes);
    afterCommit(() -> changes.forEach(change -> unsigned.accept(change.tenant())));
  }

  private static void afterCommit(Runnable work) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            work.run();
          }
        });
  }

  /// Stores the batch with a signed checkpoint over it: they appear together.
  public void writeSigned(LogBatch batch) {
    var changes = batch.changes();
    store(changes);
    var signed = new HashMap<String, SignedHeads.Head>();
    for (var change : changes) {
      var head = new Head(change.tenant(), change.log().origin, change.range());
      guard.require(head.origin().value(), head.range(), size -> root(head.tenant(), size));
      publish(head);
      signed.put(head.origin().value(), head.signed());
    }
    // Not before the commit: a head that was rolled back was shown to nobody.
    afterCommit(() -> guard.signed(signed));
  }

  /// A log as it is, committed.
  record Head(TenantId tenant, LogOrigin origin, CompactRange range) {
    SignedHeads.Head signed() {
      return new SignedHeads.Head(range.size(), range.root());
    }
  }

  /// Signs and publishes those of these committed heads that continue what was signed last, after
  /// remembering all of them with one force to the disk.
  void sign(List<Head> heads) {
    var sound = heads.stream().filter(this::isSound).toList();
    guard.signed(sound.stream().collect(Collectors.toMap(h -> h.origin().value(), Head::signed)));
    sound.forEach(this::publish);
  }

  private boolean isSound(Head head) {
    var origin = head.origin().value();
    if (guard.continues(origin, head.range(), size -> root(head.tenant(), size))) {
      return true;
    }
    // Something newer may have been signed since the head was read.
    var now = head(head.tenant());
    if (guard.isBehind(origin, now)
        || !guard.continues(origin, now, size -> root(head.tenant(), size))) {
      guard.refused(origin, now.size());
    }
    return false;
  }

  private CompactRange head(TenantId tenant) {
    return jdbc.sql("select size, range from log_head where tenant_id = ?")
        .params(tenant.value())
        .query((row, n) -> StoredRange.of(row.getLong("size"), row.getBytes("range")))
        .single();
  }

  private Hash root(TenantId tenant, long size) {
    return reader.tree(tenant, size).root();
  }

  /// Signs and publishes, unless a larger size is already published.
  private void publish(Head head) {
    var origin = head.origin().value();
    var range = head.range();
    var text = new Checkpoint(origin, range.size(), range.root()).format();
    var note = keys.signer(origin).sign(text).format();
    jdbc.sql(PUBLISH).params(head.tenant().value(), range.size(), note).update();
  }

  private void store(List<LogBatch.Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    var params = new ArrayList<Object>();
    addBatches(params, changes);
    addMentions(params, changes);
    addTiles(params, changes);
    addTexts(params, changes);
    addHeads(params, changes);
    int heads = jdbc.sql(WRITE).params(params).update();
    if (heads != changes.size()) {
      throw new IllegalStateException("wrote %d of %d log heads".formatted(heads, changes.size()));
    }
  }

  private static void addBatches(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(7);
    for (var change : changes) {
      var log = change.log();
      columns.row(
          change.tenant().value(),
          log.before.size(),
          log.entries.size(),
          log.stamp.map(stamp -> stamp.id().value()).orElse(null),
          log.stamp.map(GatewayStamp::boot).orElse(null),
          log.stamp.map(GatewayStamp::seq).orElse(null),
          BatchBytes.ofEntries(log.entries));
    }
    columns.addTo(params, "text", "bigint", "int4", "text", "text", "bigint", "bytea");
  }

  private static void addMentions(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(4);
    for (var change : changes) {
      for (var mention : change.log().mentions) {
        columns.row(
            change.tenant().value(),
            mention.kind().word(),
            mention.about(),
            change.log().before.size());
      }
    }
    columns.addTo(params, "text", "text", "text", "bigint");
  }

  private static void addTiles(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(5);
    for (var change : changes) {
      for (var growth : change.growth()) {
        columns.row(
            change.tenant().value(), growth.level(), growth.n(), growth.offset(), growth.bytes());
      }
    }
    columns.addTo(params, "text", "int2", "bigint", "int2", "bytea");
  }

  private void addTexts(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(4);
    for (var change : changes) {
      var log = change.log();
      if (!log.texts.isEmpty()) {
        long firstSeq = log.before.size();
        columns.row(
            change.tenant().value(),
            firstSeq,
            log.keyNo,
            texts.seal(change.tenant(), firstSeq, log.keyNo, log.texts));
      }
    }
    columns.addTo(params, "text", "bigint", "int4", "bytea");
  }

  private static void addHeads(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(4);
    for (var change : changes) {
      columns.row(
          change.tenant().value(),
          change.range().size(),
          StoredRange.bytes(change.range()),
          change.log().keyringSeq);
    }
    columns.addTo(params, "text", "bigint", "bytea", "bigint");
  }
}
