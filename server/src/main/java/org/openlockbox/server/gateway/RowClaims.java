package org.openlockbox.server.gateway;

import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.evidence.LimitsJson;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How many rows of each grant's budget the boots of all gateways have claimed. A gateway claims
/// rows before it releases them, so that together they never release more than was granted; what a
/// boot claimed and did not give back stays claimed when it is gone.
public final class RowClaims {
  private final Store store;

  public RowClaims(Store store) {
    this.store = store;
  }

  /// A boot's wish to have claimed this many rows of a grant in all: more than before, or fewer.
  public record Wish(TenantId tenant, RequestId request, long rows) {}

  /// Claims as much of the wish as the budget leaves; answers what this boot has claimed now. Sent
  /// again, it answers the same.
  public long claim(GatewayId gateway, String boot, Wish wish) {
    return store.within(
        () -> {
          long budget = lockedBudget(store.jdbc(), wish);
          long left = budget - claimedByOthers(store.jdbc(), gateway, boot, wish);
          long rows = Math.min(wish.rows(), left);
          keep(store.jdbc(), gateway, boot, wish, rows);
          return rows;
        });
  }

  /// The grant's budget; its row stays locked, so that claims come one after the other.
  private static long lockedBudget(JdbcClient jdbc, Wish wish) {
    return jdbc.sql(
            """
            select grant_limits from access_request
             where tenant_id = ? and id = ? and grant_limits is not null
               for update
            """)
        .params(wish.tenant().value(), wish.request().value())
        .query((row, n) -> CanonicalJson.parse(Bytes.ofUtf8(row.getString("grant_limits"))))
        .optional()
        .map(limits -> LimitsJson.parse(limits).rowBudget().rows())
        .orElseThrow(Problem::notFound);
  }

  private static long claimedByOthers(JdbcClient jdbc, GatewayId gateway, String boot, Wish wish) {
    return jdbc.sql(
            """
            select coalesce(sum(rows), 0)::bigint as rows from row_claim
             where tenant_id = ? and request_id = ? and (gateway, boot) <> (?, ?)
            """)
        .params(wish.tenant().value(), wish.request().value(), gateway.value(), boot)
        .query((row, n) -> row.getLong("rows"))
        .single();
  }

  private static void keep(JdbcClient jdbc, GatewayId gateway, String boot, Wish wish, long rows) {
    jdbc.sql(
            """
            insert into row_claim (tenant_id, request_id, gateway, boot, rows)
            values (?, ?, ?, ?, ?)
            on conflict (tenant_id, request_id, gateway, boot) do update set rows = excluded.rows
            """)
        .params(wish.tenant().value(), wish.request().value(), gateway.value(), boot, rows)
        .update();
  }
}
