package org.openlockbox.server.tenant;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Revocations that a tenant's log could not take, because its authority did not sign them. They
/// are tried again with the next statement that the log is told, and when the next authority of
/// that log takes effect.
final class PendingRevocations {
  private final JdbcClient jdbc;

  PendingRevocations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// These and no others wait for the log of this tenant, which the caller holds locked.
  void set(TenantId tenant, Collection<Long> numbers, Optional<Instant> retryAt) {
    jdbc.sql("delete from pending_revocation where tenant_id = ?").params(tenant.value()).update();
    for (var n : numbers) {
      jdbc.sql("insert into pending_revocation (tenant_id, n, retry_at) values (?, ?, ?)")
          .param(tenant.value())
          .param(n)
          .param(retryAt.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
          .update();
    }
  }
}
