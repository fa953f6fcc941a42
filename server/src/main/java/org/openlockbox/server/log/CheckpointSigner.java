package org.openlockbox.server.log;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Signs checkpoints over what was appended without one, off the append path: the logs this server
/// appended to on each round, and now and then every log, because another server may have died
/// between its commit and its signature. Two servers signing the same log is harmless: a smaller
/// size never replaces a larger one.
public final class CheckpointSigner {
  /// How long an entry waits for a signed checkpoint over it, at most.
  public static final Duration ROUND = Duration.ofMillis(50);

  private static final String BEHIND =
      """
      select h.tenant_id, t.origin, h.size, h.range
        from log_head h
        join tenant t on t.id = h.tenant_id
        left join log_checkpoint c on c.tenant_id = h.tenant_id
       where h.size > coalesce(c.size, 0)
         and (?::text[] is null or h.tenant_id = any (?::text[]))
      """;

  private final JdbcClient jdbc;
  private final Set<TenantId> unsigned = ConcurrentHashMap.newKeySet();

  public CheckpointSigner(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Remembers a log to sign on the next round.
  public void note(TenantId tenant) {
    unsigned.add(tenant);
  }

  /// Signs the logs noted since the last round.
  public void signNoted(TenantLogs logs) {
    if (unsigned.isEmpty()) {
      return;
    }
    var noted = List.copyOf(unsigned);
    noted.forEach(unsigned::remove);
    sign(logs, noted.stream().map(TenantId::value).toArray(String[]::new));
  }

  /// Signs every log that is behind.
  public void signAll(TenantLogs logs) {
    sign(logs, null);
  }

  private void sign(TenantLogs logs, String @Nullable [] only) {
    logs.sign(
        jdbc.sql(BEHIND)
            .param(only)
            .param(only)
            .query(
                (row, n) ->
                    new TenantLogs.Head(
                        new TenantId(row.getString("tenant_id")),
                        new LogOrigin(row.getString("origin")),
                        StoredRange.of(row.getLong("size"), row.getBytes("range"))))
            .list());
  }
}
