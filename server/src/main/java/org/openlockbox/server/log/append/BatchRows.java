package org.openlockbox.server.log.append;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.BatchBytes;
import org.openlockbox.server.log.entry.Columns;
import org.openlockbox.server.log.entry.StoredRange;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Writes what was appended to logs: of each log all, if its newest batch ends as the caller has it
/// and nobody else has locked it, or nothing. A batch that another has written at the same index
/// meanwhile has the row's key, so there is never a second one: the statement fails as a whole. To
/// have the database pass over a taken key instead costs each append a look and a record more.
///
/// In the caller's transaction, or, if there is none, in one of its own that is committed on
/// return.
public final class BatchRows {
  private static final String[] TYPES = {
    "text", "bigint", "int4", "text", "text", "bigint", "bytea", "bytea", "bytea", "bytea",
    "bigint", "int4", "bytea"
  };

  private static final String COLUMNS =
      """
      tenant_id, first_seq, count, gateway, boot, gw_seq, entries, hashes, root, range, keyring_seq, key_no, sealed
      """;

  /// Of one log: it takes a third of the time that arrays take.
  private static final String APPEND_ONE = append(one());

  private static final String APPEND_SOME = append(some());

  /// The same with mentions and tile pieces, or where a log gets several rows. The rows that were
  /// stored are counted: if one is missing, the statement fails as a whole.
  private static final String WRITE =
      """
      with unchanged as materialized (
        select b.tenant_id, b.rows
          from unnest(?::text[], ?::bigint[], ?::bytea[], ?::int[]) as b (tenant_id, size, root, rows)
          left join lateral (
               select first_seq + count as size, root from log_batch
                where tenant_id = b.tenant_id
                order by first_seq desc limit 1) as p on true
         where coalesce(p.size, 0) = b.size and (b.size = 0 or p.root = b.root)
           and pg_try_advisory_xact_lock(log_lock(b.tenant_id))
      ), batches as (
        insert into log_batch (%1$s)
        select %1$s
          from %2$s as b (%1$s)
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
      )
      select (select array_agg(tenant_id) from unchanged) as written,
             case when stored = due then 0
                  else cast('stored ' || stored || ' rows of a log, not ' || due as int) end as missing
        from (select (select count(*) from batches) + (select count(*) from mentions)
                   + (select count(*) from tiles) as stored,
                     (select coalesce(sum(rows), 0) from unchanged) as due
              offset 0) as counted
      """
          .formatted(COLUMNS, "unnest(%s)".formatted(arrays(TYPES)));

  private final JdbcClient jdbc;

  public BatchRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Batches that go on from the log as it is, one row of each log. The lock is asked for and never
  /// waited for.
  private static String append(String source) {
    return """
      insert into log_batch (%1$s)
      select %1$s
        from %2$s as b (before, %1$s)
       cross join lateral (
             select first_seq + count as size, root as newest from log_batch
              where tenant_id = b.tenant_id and first_seq < b.first_seq
              order by first_seq desc limit 1) as p
       where p.size = b.first_seq and p.newest = b.before and pg_try_advisory_xact_lock(log_lock(b.tenant_id))
      returning tenant_id
      """
        .formatted(COLUMNS, source);
  }

  private static String one() {
    return Stream.of(TYPES)
        .map("cast(? as %s)"::formatted)
        .collect(Collectors.joining(", ", "(values (cast(? as bytea), ", "))"));
  }

  private static String some() {
    return "unnest(?::bytea[], %s)".formatted(arrays(TYPES));
  }

  private static String arrays(String... types) {
    return Stream.of(types).map("?::%s[]"::formatted).collect(Collectors.joining(", "));
  }

  /// Writes what these changes say.
  ///
  /// @return the logs that were written
  public Set<TenantId> write(List<LogBatch.LogChange> changes, LogTexts.SealedRuns texts) {
    if (changes.isEmpty()) {
      return Set.of();
    }
    if (!changes.stream().allMatch(BatchRows::isOneRow)) {
      return writeAll(changes, texts);
    }
    var params = new ArrayList<@Nullable Object>();
    if (changes.size() == 1) {
      var change = changes.getFirst();
      params.add(change.log().before.root().bytes());
      params.addAll(row(change, change.log().runs.getFirst(), texts));
      return appended(APPEND_ONE, params);
    }
    var columns = new Columns(1);
    changes.forEach(change -> columns.row(change.log().before.root().bytes()));
    columns.addTo(params, "bytea");
    addBatches(params, changes, texts);
    return appended(APPEND_SOME, params);
  }

  private Set<TenantId> appended(String sql, List<@Nullable Object> params) {
    return tenants(
        jdbc.sql(sql).params(params).query((row, n) -> row.getString("tenant_id")).list());
  }

  private static boolean isOneRow(LogBatch.LogChange change) {
    var runs = change.log().runs;
    return change.log().before.size() > 0
        && runs.size() == 1
        && runs.getFirst().mentions.isEmpty()
        && change.tiles().isEmpty();
  }

  private Set<TenantId> writeAll(List<LogBatch.LogChange> changes, LogTexts.SealedRuns texts) {
    var params = new ArrayList<@Nullable Object>();
    addHeadsBefore(params, changes);
    addBatches(params, changes, texts);
    addMentions(params, changes);
    addTiles(params, changes);
    return tenants(jdbc.sql(WRITE).params(params).query((row, n) -> written(row)).single());
  }

  private static Set<TenantId> tenants(List<String> ids) {
    return ids.stream().map(TenantId::new).collect(Collectors.toCollection(HashSet::new));
  }

  private static List<String> written(ResultSet row) throws SQLException {
    var array = row.getArray("written");
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  private static void addHeadsBefore(
      List<@Nullable Object> params, List<LogBatch.LogChange> changes) {
    var columns = new Columns(4);
    for (var change : changes) {
      var before = change.log().before;
      columns.row(change.tenant().value(), before.size(), before.root().bytes(), rows(change));
    }
    columns.addTo(params, "text", "bigint", "bytea", "int4");
  }

  /// How many rows a change is: batches, mentions and tiles.
  private static int rows(LogBatch.LogChange change) {
    var runs = change.log().runs;
    int mentions = runs.stream().mapToInt(run -> run.mentions.size()).sum();
    return runs.size() + mentions + change.tiles().size();
  }

  private static void addBatches(
      List<@Nullable Object> params, List<LogBatch.LogChange> changes, LogTexts.SealedRuns texts) {
    var columns = new Columns(TYPES.length);
    for (var change : changes) {
      for (var run : change.log().runs) {
        columns.row(row(change, run, texts).toArray());
      }
    }
    columns.addTo(params, TYPES);
  }

  /// The values of one row. What is said of the log as a whole stands in the last one of an append.
  private static List<@Nullable Object> row(
      LogBatch.LogChange change, LogBatch.EntryRun run, LogTexts.SealedRuns texts) {
    var log = change.log();
    boolean last = run == log.runs.getLast();
    var row = new ArrayList<@Nullable Object>();
    row.add(change.tenant().value());
    row.add(run.firstSeq);
    row.add(run.entries.size());
    row.add(run.first.map(stamp -> stamp.id().value()).orElse(null));
    row.add(run.first.map(GatewayStamp::boot).orElse(null));
    row.add(run.first.map(GatewayStamp::seq).orElse(null));
    row.add(BatchBytes.ofEntries(run.entries));
    row.add(BatchBytes.ofHashes(log.leaves(run)));
    row.add(last ? change.range().root().bytes() : null);
    row.add(last ? StoredRange.bytes(change.range()) : null);
    row.add(last ? log.keyringSeq : null);
    row.add(log.keyNo);
    row.add(texts.of(run).map(Bytes::toArray).orElse(null));
    return row;
  }

  private static void addMentions(List<@Nullable Object> params, List<LogBatch.LogChange> changes) {
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

  private static void addTiles(List<@Nullable Object> params, List<LogBatch.LogChange> changes) {
    var columns = new Columns(5);
    for (var change : changes) {
      for (var tile : change.tiles()) {
        columns.row(change.tenant().value(), tile.level(), tile.n(), tile.offset(), tile.bytes());
      }
    }
    columns.addTo(params, "text", "int2", "bigint", "int2", "bytea");
  }
}
