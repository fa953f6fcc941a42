package org.openlockbox.server.log.checkpoint;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.entry.Columns;
import org.openlockbox.server.log.entry.StoredCheckpoint;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The newest checkpoint of each log, as the database shows it. It never shows one of a tree that
/// the log does not contain: whoever publishes, and however late, the database itself compares.
final class CheckpointRows {
  /// A log contains a tree if a batch of it ends there with that root. A checkpoint that is beyond
  /// its log belongs to entries that were lost; it gives way.
  ///
  /// Where another publisher has the row, the statement waits, and then sees the newest checkpoint
  /// beside a log as it was when the statement began. So what is beyond its log is found in one
  /// snapshot, and gives way only if it is still the same.
  ///
  /// What is shown now is noted for the next epoch in the same statement, which fails as a whole if
  /// a note is not stored.
  private static final String PUBLISH =
      """
      with signed as (
        select *
          from unnest(?::text[], ?::bigint[], ?::bytea[], ?::bytea[]) as c (tenant_id, size, root, signatures)
      ), contained as (
        select c.*
          from signed c
         cross join lateral (
               select first_seq + count as size, root from log_batch
                where tenant_id = c.tenant_id and first_seq < c.size
                order by first_seq desc limit 1) as b
         where b.size = c.size and b.root = c.root
      ), beyond as (
        select k.tenant_id, k.size
          from signed c
          join log_checkpoint k on k.tenant_id = c.tenant_id
          join log_head h on h.tenant_id = c.tenant_id
         where k.size > h.size
      ), published as (
        insert into log_checkpoint (tenant_id, size, root, signatures)
        select * from contained c order by c.tenant_id
        on conflict (tenant_id) do update
           set size = excluded.size, root = excluded.root, signatures = excluded.signatures
         where log_checkpoint.size < excluded.size
            or log_checkpoint.size = (select b.size from beyond b where b.tenant_id = excluded.tenant_id)
        returning tenant_id
      ), moved as (
        insert into log_moved (tenant_id) select tenant_id from published
        returning 1
      )
      select c.tenant_id,
             c.tenant_id in (select tenant_id from contained) as contained,
             c.tenant_id in (select tenant_id from published) as published,
             case when shown = noted then 0
                  else cast('noted ' || noted || ' checkpoints, not ' || shown as int) end as missing
        from signed c
       cross join (select (select count(*) from published) as shown,
                          (select count(*) from moved) as noted
                   offset 0) as counted
      """;

  private static final String UNPUBLISHED =
      """
      with grown as materialized (
        select t.id, t.origin, coalesce(c.size, 0) as signed
          from tenant t
          left join log_checkpoint c on c.tenant_id = t.id
         cross join lateral (
               select from log_batch
                where tenant_id = t.id and first_seq >= coalesce(c.size, 0)
                limit 1) as longer
      )
      select h.tenant_id, g.origin, h.size, h.range, h.keyring_seq, g.signed
        from grown g
        join log_head h on h.tenant_id = g.id
      """;

  private final JdbcClient jdbc;

  CheckpointRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A checkpoint to publish.
  record TenantCheckpoint(TenantId tenant, StoredCheckpoint checkpoint) {}

  /// What became of checkpoints.
  ///
  /// @param published are shown now; of the others a larger one is shown, or none was stored
  /// @param strange are of trees that their logs do not contain
  record Publication(Set<TenantId> published, Set<TenantId> strange) {}

  /// Publishes each, unless a larger size of its log is published, or its log does not contain it.
  Publication publish(List<TenantCheckpoint> signed) {
    var columns = new Columns(4);
    for (var one : signed) {
      var checkpoint = one.checkpoint;
      columns.row(
          one.tenant.value(),
          checkpoint.size(),
          checkpoint.root().bytes(),
          checkpoint.signatures().toArray());
    }
    var params = new ArrayList<@Nullable Object>();
    columns.addTo(params, "text", "bigint", "bytea", "bytea");
    var all = new Publication(new HashSet<>(), new HashSet<>());
    jdbc.sql(PUBLISH).params(params).query((RowCallbackHandler) row -> note(row, all));
    return all;
  }

  private static void note(ResultSet row, Publication all) throws SQLException {
    var tenant = new TenantId(row.getString("tenant_id"));
    if (row.getBoolean("published")) {
      all.published.add(tenant);
    }
    if (!row.getBoolean("contained")) {
      all.strange.add(tenant);
    }
  }

  /// The logs that are longer than what is published of them.
  List<UnpublishedLog> unpublished() {
    return jdbc.sql(UNPUBLISHED)
        .query(
            (row, n) ->
                new UnpublishedLog(
                    LogRows.head(row), row.getLong("signed"), row.getLong("keyring_seq")))
        .list();
  }

  /// A log that is longer than its newest checkpoint, which has so many entries.
  record UnpublishedLog(LogRows.TenantLogHead head, long signed, long keyringSeq) {}

  /// A tenant whose log has a checkpoint, if there is any.
  Optional<TenantId> anySigned() {
    return jdbc.sql("select tenant_id from log_checkpoint limit 1")
        .query((row, n) -> new TenantId(row.getString(1)))
        .optional();
  }
}
