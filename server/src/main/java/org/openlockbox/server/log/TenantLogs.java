package org.openlockbox.server.log;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
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
  private static final String LOCK =
      """
      select h.tenant_id, t.origin, h.size, h.range, h.keyring_seq
        from log_head h join tenant t on t.id = h.tenant_id
       where h.tenant_id = any (?)
       order by h.tenant_id
         for update of h
      """;

  /// Entries, tile pieces, texts and heads of the whole batch in one round trip.
  private static final String WRITE =
      """
      with entries as (
        insert into log_entry (tenant_id, seq, type, ts, request_id, session_id, entry)
        select tenant_id, seq, type, ?, request_id, session_id, entry
          from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bytea[])
               as u (tenant_id, seq, type, request_id, session_id, entry)
      ), tiles as (
        insert into log_tile (tenant_id, level, n, at, hashes)
        select tenant_id, level, n, at, hashes
          from unnest(?::text[], ?::smallint[], ?::bigint[], ?::smallint[], ?::bytea[])
               as u (tenant_id, level, n, at, hashes)
      ), texts as (
        insert into log_text (tenant_id, commitment, salt, text)
        select tenant_id, commitment, salt, text
          from unnest(?::text[], ?::bytea[], ?::bytea[], ?::bytea[])
               as u (tenant_id, commitment, salt, text)
        on conflict do nothing
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
  private final LogKey key;
  private final InstantSource clock;
  private final Consumer<TenantId> unsigned;

  /// `unsigned` is told, after the commit, of each log that grew without a new checkpoint.
  public TenantLogs(JdbcClient jdbc, LogKey key, InstantSource clock, Consumer<TenantId> unsigned) {
    this.jdbc = jdbc;
    this.key = key;
    this.clock = clock;
    this.unsigned = unsigned;
  }

  /// Makes the empty log of a new tenant; its first entry must be the genesis, in the same
  /// transaction.
  public void create(TenantId tenant) {
    jdbc.sql(
            "insert into log_head (tenant_id, size, range, keyring_seq) values (?, 0, ''::bytea, 0)")
        .params(tenant.value())
        .update();
  }

  public LogBatch lock(TenantId tenant) {
    return lock(List.of(tenant));
  }

  /// Locks the heads of these tenants, in one order for every caller, until the transaction ends.
  /// Take it before any other row of these tenants.
  public LogBatch lock(Collection<TenantId> tenants) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("a log is appended to only inside a transaction");
    }
    var logs = LogBatch.byTenant();
    var ids = tenants.stream().map(TenantId::value).distinct().toArray(String[]::new);
    jdbc.sql(LOCK)
        .param(ids)
        .query((row, n) -> logs.put(new TenantId(row.getString("tenant_id")), locked(row)))
        .list();
    return new LogBatch(logs, clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  private static LogBatch.Locked locked(ResultSet row) throws SQLException {
    return new LogBatch.Locked(
        new LogOrigin(row.getString("origin")),
        range(row.getLong("size"), row.getBytes("range")),
        row.getLong("keyring_seq"));
  }

  /// Stores the batch and leaves its checkpoint to the next round of signing.
  public void write(LogBatch batch) {
    var changes = batch.changes();
    store(batch, changes);
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            changes.forEach(change -> unsigned.accept(change.tenant()));
          }
        });
  }

  /// Stores the batch with a signed checkpoint over it: they appear together.
  public void writeSigned(LogBatch batch) {
    var changes = batch.changes();
    store(batch, changes);
    for (var change : changes) {
      publish(change.tenant(), change.log().origin, change.range());
    }
  }

  /// Signs and publishes, unless a larger size is already published.
  void publish(TenantId tenant, LogOrigin origin, CompactRange range) {
    var text = new Checkpoint(origin.value(), range.size(), range.root()).format();
    var note = key.signer(origin).sign(text).format();
    jdbc.sql(PUBLISH).params(tenant.value(), range.size(), note).update();
  }

  private void store(LogBatch batch, List<LogBatch.Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    var params = new ArrayList<Object>();
    params.add(batch.now().toEpochMilli());
    addEntries(params, changes);
    addTiles(params, changes);
    addTexts(params, batch);
    addHeads(params, changes);
    int heads = jdbc.sql(WRITE).params(params).update();
    if (heads != changes.size()) {
      throw new IllegalStateException("wrote %d of %d log heads".formatted(heads, changes.size()));
    }
  }

  private static void addEntries(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(6);
    for (var change : changes) {
      var log = change.log();
      for (int i = 0; i < log.entries.size(); i++) {
        var entry = log.entries.get(i);
        columns.row(
            change.tenant().value(),
            log.before.size() + i,
            entry.type().word(),
            entry.body().request().map(Object::toString).orElse(null),
            entry.body().session().map(Object::toString).orElse(null),
            log.bytes.get(i).toArray());
      }
    }
    columns.addTo(params, "text", "bigint", "text", "text", "text", "bytea");
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

  private static void addTexts(List<Object> params, LogBatch batch) {
    var columns = new Columns(4);
    for (int i = 0; i < batch.texts().size(); i++) {
      var text = batch.texts().get(i);
      columns.row(
          batch.textTenants().get(i).value(),
          text.commitment().value().bytes(),
          text.salt().toArray(),
          text.text().toArray());
    }
    columns.addTo(params, "text", "bytea", "bytea", "bytea");
  }

  private static void addHeads(List<Object> params, List<LogBatch.Change> changes) {
    var columns = new Columns(4);
    for (var change : changes) {
      columns.row(
          change.tenant().value(),
          change.range().size(),
          bytes(change.range()),
          change.log().keyringSeq);
    }
    columns.addTo(params, "text", "bigint", "bytea", "bigint");
  }

  static CompactRange range(long size, byte[] stored) {
    var hashes = new ArrayList<Hash>();
    for (int at = 0; at < stored.length; at += Hash.LENGTH) {
      hashes.add(Hash.of(Arrays.copyOfRange(stored, at, at + Hash.LENGTH)));
    }
    return CompactRange.of(size, hashes);
  }

  private static byte[] bytes(CompactRange range) {
    var out = new ByteArrayOutputStream();
    range.hashes().forEach(hash -> out.writeBytes(hash.bytes()));
    return out.toByteArray();
  }
}
