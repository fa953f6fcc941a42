package org.openlockbox.server.log.append;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.log.entry.StoredRange;
import org.openlockbox.tlog.tree.CompactRange;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The heads of tenant logs, each of which is what the log's newest batch says, and the locks of
/// those who append. Of any number of tenants at once: a group of a thousand entries takes as many
/// round trips as one entry.
public final class LogRows {
  /// In the order of the array, so that two callers never wait for one another. A statement of its
  /// own: only one that begins under the locks sees what was committed before they were given.
  ///
  /// Whoever has locked a log has written something, so that the commit waits for the standbys also
  /// where all that is answered was there before (ADR 36).
  private static final String LOCK =
      """
      select pg_advisory_xact_lock(log_lock(id)), pg_logical_emit_message(true, 'lockbox', '')
        from unnest(?::text[]) as t (id)
      """;

  private static final String LOCK_IF_FREE =
      """
      select id, pg_logical_emit_message(true, 'lockbox', '')
        from unnest(?::text[]) as t (id)
       where pg_try_advisory_xact_lock(log_lock(id))
      """;

  private static final String HEADS =
      """
      select h.tenant_id, t.origin, h.size, h.range, h.keyring_seq, h.key_no
        from log_head h
        join tenant t on t.id = h.tenant_id
       where h.tenant_id %s
      """;

  /// For one tenant the database plans once and for all; an array it plans for anew each time.
  private static final String HEAD = HEADS.formatted("= ?");

  private static final String SOME_HEADS = HEADS.formatted("= any (?)");

  private static final String ALL_HEADS = HEADS.formatted("is not null");

  /// To be asked once the logs are locked.
  private static final String COUNTERS =
      """
      select w.tenant_id, w.gateway, w.boot, last.next
        from unnest(?::text[], ?::text[], ?::text[]) as w (tenant_id, gateway, boot)
       cross join lateral (
             select gw_seq + count as next from log_batch
              where tenant_id = w.tenant_id and gateway = w.gateway and boot = w.boot
              order by gw_seq desc limit 1) as last
      """;

  private final JdbcClient jdbc;

  public LogRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A log as it is.
  public record TenantLogHead(TenantId tenant, LogOrigin origin, CompactRange range) {}

  /// A log as it was when it was locked.
  public record LockedHead(TenantLogHead head, long keyringSeq, int keyNo) {}

  /// Locks the logs of those of these tenants that exist, until the transaction ends.
  public List<LockedHead> lock(Collection<TenantId> tenants) {
    var ids = sorted(tenants);
    jdbc.sql(LOCK).param(ids).query((row, n) -> true).list();
    return heads(ids);
  }

  /// The same, but passes over those that somebody else has locked.
  public List<LockedHead> lockFree(Collection<TenantId> tenants) {
    var free =
        jdbc.sql(LOCK_IF_FREE).param(sorted(tenants)).query((row, n) -> row.getString("id")).list();
    return free.isEmpty() ? List.of() : heads(free.toArray(String[]::new));
  }

  private static String[] sorted(Collection<TenantId> tenants) {
    return tenants.stream().map(TenantId::value).distinct().sorted().toArray(String[]::new);
  }

  private List<LockedHead> heads(String... ids) {
    return jdbc.sql(ids.length == 1 ? HEAD : SOME_HEADS)
        .param(ids.length == 1 ? ids[0] : ids)
        .query(
            (row, n) -> new LockedHead(head(row), row.getLong("keyring_seq"), row.getInt("key_no")))
        .list();
  }

  public static TenantLogHead head(ResultSet row) throws SQLException {
    return new TenantLogHead(
        new TenantId(row.getString("tenant_id")),
        new LogOrigin(row.getString("origin")),
        StoredRange.of(row.getLong("size"), row.getBytes("range")));
  }

  private static CounterLine line(ResultSet row) throws SQLException {
    return new CounterLine(
        new TenantId(row.getString("tenant_id")),
        new GatewayId(row.getString("gateway")),
        row.getString("boot"));
  }

  /// The next counters of these lines, where there are entries already.
  public Map<CounterLine, Long> counters(Set<CounterLine> lines) {
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

  /// Hands on every log, one after the other; by its name alone where its head cannot be read.
  public void forEachHead(Consumer<TenantLogHead> taker, Consumer<LogOrigin> unreadable) {
    jdbc.sql(ALL_HEADS)
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
    return jdbc.sql(HEAD).params(tenant.value()).query((row, n) -> head(row)).single();
  }
}
