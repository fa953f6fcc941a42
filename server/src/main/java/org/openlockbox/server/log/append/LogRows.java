package org.openlockbox.server.log.append;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.BatchBytes;
import org.openlockbox.server.log.entry.Columns;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.log.entry.StoredRange;
import org.openlockbox.tlog.tree.CompactRange;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The rows of tenant logs, read and written for any number of tenants at once: a group of a
/// thousand entries takes as many round trips as one entry.
public final class LogRows {
  /// In one order for every caller, so that two of them never wait for one another.
  private static final String LOCK =
      """
      select h.tenant_id, t.origin, h.size, h.range, h.keyring_seq, h.key_no, h.gateway, h.boot, h.gw_next
        from log_head h
        join tenant t on t.id = h.tenant_id
       where h.tenant_id %s
       order by h.tenant_id
         for update of h %s
      """;

  /// For one tenant the database plans once and for all; an array it plans for anew each time.
  private static final String LOCK_ONE = LOCK.formatted("= ?", "");

  private static final String LOCK_SOME = LOCK.formatted("= any (?)", "");

  private static final String LOCK_ONE_IF_FREE = LOCK.formatted("= ?", "skip locked");

  private static final String LOCK_SOME_IF_FREE = LOCK.formatted("= any (?)", "skip locked");

  /// Counters of boots that were not the last to append; to be asked once the heads are locked.
  private static final String COUNTERS =
      """
      select w.tenant_id, w.gateway, w.boot, last.next
        from unnest(?::text[], ?::text[], ?::text[]) as w (tenant_id, gateway, boot)
       cross join lateral (
             select gw_seq + count as next from log_batch
              where tenant_id = w.tenant_id and gateway = w.gateway and boot = w.boot
              order by gw_seq desc limit 1) as last
      """;

  /// Entries, mentions, tile pieces, texts and heads of the whole batch in one round trip: of each
  /// log all, if its head is as the batch has it and nobody else has locked it, or nothing. The
  /// rows that were stored are counted: if one is missing, the statement fails as a whole.
  private static final String WRITE =
      """
      with unchanged as (
        select h.tenant_id, b.rows
          from log_head h
          join unnest(?::text[], ?::bigint[], ?::bytea[], ?::int[], ?::int[])
               as b (tenant_id, size, range, key_no, rows)
            on b.tenant_id = h.tenant_id
         where h.size = b.size and h.range = b.range and h.key_no = b.key_no
         order by h.tenant_id
           for update of h skip locked
      ), batches as (
        insert into log_batch (tenant_id, first_seq, count, gateway, boot, gw_seq, entries, hashes, root)
        select *
          from unnest(?::text[], ?::bigint[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[])
               as b (tenant_id, first_seq, count, gateway, boot, gw_seq, entries, hashes, root)
         where b.tenant_id in (select tenant_id from unchanged)
        returning 1
      ), mentions as (
        insert into log_mention (tenant_id, kind, about, first_seq)
        select *
          from unnest(?::text[], ?::text[], ?::text[], ?::bigint[]) as m (tenant_id, kind, about, first_seq)
         where m.tenant_id in (select tenant_id from unchanged)
        returning 1
      ), tiles as (
        insert into log_tile (tenant_id, level, n, at, hashes)
        select *
          from unnest(?::text[], ?::smallint[], ?::bigint[], ?::smallint[], ?::bytea[])
               as t (tenant_id, level, n, at, hashes)
         where t.tenant_id in (select tenant_id from unchanged)
        returning 1
      ), texts as (
        insert into log_text (tenant_id, first_seq, key_no, sealed)
        select *
          from unnest(?::text[], ?::bigint[], ?::int[], ?::bytea[]) as t (tenant_id, first_seq, key_no, sealed)
         where t.tenant_id in (select tenant_id from unchanged)
        returning 1
      ), moved as (
        insert into log_moved (tenant_id) select tenant_id from unchanged
        returning 1
      ), heads as (
        update log_head h
           set size = u.size, range = u.range, keyring_seq = u.keyring_seq,
               gateway = u.gateway, boot = u.boot, gw_next = u.gw_next
          from unnest(?::text[], ?::bigint[], ?::bytea[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
               as u (tenant_id, size, range, keyring_seq, gateway, boot, gw_next)
         where h.tenant_id = u.tenant_id
           and u.tenant_id in (select tenant_id from unchanged)
        returning h.tenant_id
      )
      select (select array_agg(tenant_id) from heads) as written,
             case when stored = due then 0
                  else cast('stored ' || stored || ' rows of a log, not ' || due as int) end as missing
        from (select (select count(*) from batches) + (select count(*) from mentions)
                   + (select count(*) from tiles) + (select count(*) from texts)
                   + (select count(*) from moved) + (select count(*) from heads) as stored,
                     (select coalesce(sum(rows), 0) from unchanged) as due
              offset 0) as counted
      """;

  private final JdbcClient jdbc;

  public LogRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A log as it is.
  public record TenantLogHead(TenantId tenant, LogOrigin origin, CompactRange range) {}

  /// A log as it was when its head was locked.
  public record LockedHead(
      TenantLogHead head, long keyringSeq, int keyNo, Optional<LogBatch.LastBoot> lastBoot) {}

  public void create(TenantId tenant) {
    jdbc.sql("insert into log_moved (tenant_id) values (?)").params(tenant.value()).update();
    jdbc.sql(
            """
            insert into log_head (tenant_id, size, range, keyring_seq, key_no)
            values (?, 0, ''::bytea, 0, 1)
            """)
        .params(tenant.value())
        .update();
  }

  /// Locks the heads of those of these tenants that exist, until the transaction ends.
  public List<LockedHead> lock(Collection<TenantId> tenants) {
    return lock(tenants, LOCK_ONE, LOCK_SOME);
  }

  /// The same, but passes over those that somebody else has locked.
  public List<LockedHead> lockFree(Collection<TenantId> tenants) {
    return lock(tenants, LOCK_ONE_IF_FREE, LOCK_SOME_IF_FREE);
  }

  private List<LockedHead> lock(Collection<TenantId> tenants, String one, String some) {
    var ids = tenants.stream().map(TenantId::value).distinct().toArray(String[]::new);
    return jdbc.sql(ids.length == 1 ? one : some)
        .param(ids.length == 1 ? ids[0] : ids)
        .query(
            (row, n) ->
                new LockedHead(
                    head(row), row.getLong("keyring_seq"), row.getInt("key_no"), lastBoot(row)))
        .list();
  }

  public static TenantLogHead head(ResultSet row) throws SQLException {
    return new TenantLogHead(
        new TenantId(row.getString("tenant_id")),
        new LogOrigin(row.getString("origin")),
        StoredRange.of(row.getLong("size"), row.getBytes("range")));
  }

  private static Optional<LogBatch.LastBoot> lastBoot(ResultSet row) throws SQLException {
    if (row.getString("gateway") == null) {
      return Optional.empty();
    }
    return Optional.of(new LogBatch.LastBoot(line(row), row.getLong("gw_next")));
  }

  private static CounterLine line(ResultSet row) throws SQLException {
    return new CounterLine(
        new TenantId(row.getString("tenant_id")),
        new GatewayId(row.getString("gateway")),
        row.getString("boot"));
  }

  /// The next counters of these lines, where there are entries already.
  public Map<CounterLine, Long> counters(List<CounterLine> lines) {
    var counters = new HashMap<CounterLine, Long>();
    jdbc.sql(COUNTERS)
        .param(lines.stream().map(line -> line.tenant().value()).toArray(String[]::new))
        .param(lines.stream().map(line -> line.gateway().value()).toArray(String[]::new))
        .param(lines.stream().map(CounterLine::boot).toArray(String[]::new))
        .query(
            row -> {
              counters.put(line(row), row.getLong("next"));
            });
    return counters;
  }

  /// Writes what these changes say, each log's all or nothing: in the caller's transaction, or, if
  /// there is none, in one of its own that is committed on return.
  ///
  /// @return the logs that were written
  public Set<TenantId> write(List<LogBatch.LogChange> changes, List<LogTexts.SealedRow> texts) {
    if (changes.isEmpty()) {
      return Set.of();
    }
    var params = new ArrayList<Object>();
    addHeadsBefore(params, changes, texts);
    addBatches(params, changes);
    addMentions(params, changes);
    addTiles(params, changes);
    addTexts(params, texts);
    addHeads(params, changes);
    return jdbc.sql(WRITE).params(params).query((row, n) -> written(row)).single();
  }

  private static Set<TenantId> written(ResultSet row) throws SQLException {
    var array = row.getArray("written");
    return array == null
        ? Set.of()
        : Stream.of((String[]) array.getArray()).map(TenantId::new).collect(Collectors.toSet());
  }

  private static void addHeadsBefore(
      List<Object> params, List<LogBatch.LogChange> changes, List<LogTexts.SealedRow> texts) {
    var rows = new HashMap<TenantId, Integer>();
    changes.forEach(change -> rows.put(change.tenant(), rows(change)));
    texts.forEach(text -> rows.merge(text.tenant(), 1, Integer::sum));
    var columns = new Columns(5);
    for (var change : changes) {
      var before = change.log().before;
      columns.row(
          change.tenant().value(),
          before.size(),
          StoredRange.bytes(before),
          change.log().keyNo,
          rows.get(change.tenant()));
    }
    columns.addTo(params, "text", "bigint", "bytea", "int4", "int4");
  }

  /// How many rows a change is, its texts aside: batches, mentions, tiles, the head, and that it
  /// moved.
  private static int rows(LogBatch.LogChange change) {
    var runs = change.log().runs;
    int mentions = runs.stream().mapToInt(run -> run.mentions.size()).sum();
    return runs.size() + mentions + change.tiles().size() + 2;
  }

  private static void addBatches(List<Object> params, List<LogBatch.LogChange> changes) {
    var columns = new Columns(9);
    for (var change : changes) {
      var runs = change.log().runs;
      for (var run : runs) {
        columns.row(
            change.tenant().value(),
            run.firstSeq,
            run.entries.size(),
            run.first.map(stamp -> stamp.id().value()).orElse(null),
            run.first.map(GatewayStamp::boot).orElse(null),
            run.first.map(GatewayStamp::seq).orElse(null),
            BatchBytes.ofEntries(run.entries),
            BatchBytes.ofHashes(change.log().leaves(run)),
            run == runs.getLast() ? change.range().root().bytes() : null);
      }
    }
    columns.addTo(
        params, "text", "bigint", "int4", "text", "text", "bigint", "bytea", "bytea", "bytea");
  }

  private static void addMentions(List<Object> params, List<LogBatch.LogChange> changes) {
    var columns = new Columns(4);
    for (var change : changes) {
      for (var run : change.log().runs) {
        for (var mention : run.mentions) {
          columns.row(
              change.tenant().value(), mention.kind().word(), mention.about(), run.firstSeq);
        }
      }
    }
    columns.addTo(params, "text", "text", "text", "bigint");
  }

  private static void addTiles(List<Object> params, List<LogBatch.LogChange> changes) {
    var columns = new Columns(5);
    for (var change : changes) {
      for (var tile : change.tiles()) {
        columns.row(change.tenant().value(), tile.level(), tile.n(), tile.offset(), tile.bytes());
      }
    }
    columns.addTo(params, "text", "int2", "bigint", "int2", "bytea");
  }

  private static void addTexts(List<Object> params, List<LogTexts.SealedRow> texts) {
    var columns = new Columns(4);
    texts.forEach(
        row ->
            columns.row(row.tenant().value(), row.firstSeq(), row.keyNo(), row.sealed().toArray()));
    columns.addTo(params, "text", "bigint", "int4", "bytea");
  }

  private static void addHeads(List<Object> params, List<LogBatch.LogChange> changes) {
    var columns = new Columns(7);
    for (var change : changes) {
      var last = change.log().lastBoot;
      columns.row(
          change.tenant().value(),
          change.range().size(),
          StoredRange.bytes(change.range()),
          change.log().keyringSeq,
          last.map(it -> it.line().gateway().value()).orElse(null),
          last.map(it -> it.line().boot()).orElse(null),
          last.map(LogBatch.LastBoot::next).orElse(null));
    }
    columns.addTo(params, "text", "bigint", "bytea", "bigint", "text", "text", "bigint");
  }

  /// Hands on every log, one after the other; by its name alone where its head cannot be read.
  public void forEachHead(Consumer<TenantLogHead> taker, Consumer<LogOrigin> unreadable) {
    jdbc.sql(
            """
            select h.tenant_id, t.origin, h.size, h.range
              from log_head h join tenant t on t.id = h.tenant_id
            """)
        .query(
            row -> {
              var origin = new LogOrigin(row.getString("origin"));
              readable(row).ifPresentOrElse(taker, () -> unreadable.accept(origin));
            });
  }

  private static Optional<TenantLogHead> readable(ResultSet row) throws SQLException {
    try {
      return Optional.of(head(row));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public TenantLogHead head(TenantId tenant) {
    return jdbc.sql(
            """
            select h.tenant_id, t.origin, h.size, h.range
              from log_head h join tenant t on t.id = h.tenant_id
             where h.tenant_id = ?
            """)
        .params(tenant.value())
        .query((row, n) -> head(row))
        .single();
  }
}
