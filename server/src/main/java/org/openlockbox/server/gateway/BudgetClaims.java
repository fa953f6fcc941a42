package org.openlockbox.server.gateway;

import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How much of each grant's budgets the boots of all gateways have claimed. A gateway claims rows
/// and bytes before it releases them, so that together they never release more than was granted;
/// what a boot claimed and did not give back stays claimed when it is gone.
public final class BudgetClaims {
  private final Store store;

  public BudgetClaims(Store store) {
    this.store = store;
  }

  /// A boot's wish to have claimed so much of a grant in all: more than before, or less.
  public record BudgetClaim(TenantId tenant, RequestId request, Amount amount) {}

  /// Claims as much of the wish as the budgets leave; answers what this boot has claimed now. Sent
  /// again, it answers the same.
  public Amount claim(GatewayId gateway, String boot, BudgetClaim wish) {
    return store.within(
        () -> {
          var budget = lockedBudget(store.jdbc(), wish);
          var left = budget.less(claimedByOthers(store.jdbc(), gateway, boot, wish));
          var amount = wish.amount().atMost(left);
          keep(store.jdbc(), gateway, boot, wish, amount);
          return amount;
        });
  }

  /// The grant's budgets; its row stays locked, so that claims come one after the other.
  private static Amount lockedBudget(JdbcClient jdbc, BudgetClaim wish) {
    return jdbc.sql(
            """
            select grant_limits from access_request
             where tenant_id = ? and id = ? and grant_limits is not null
               for update
            """)
        .params(wish.tenant().value(), wish.request().value())
        .query((row, n) -> CanonicalJson.parse(Bytes.ofUtf8(row.getString("grant_limits"))))
        .optional()
        .map(limits -> Amount.of(LimitsJson.parse(limits)))
        .orElseThrow(Problem::notFound);
  }

  private static Amount claimedByOthers(
      JdbcClient jdbc, GatewayId gateway, String boot, BudgetClaim wish) {
    return jdbc.sql(
            """
            select coalesce(sum(rows), 0)::bigint as rows, coalesce(sum(bytes), 0)::bigint as bytes
              from budget_claim
             where tenant_id = ? and request_id = ? and (gateway, boot) <> (?, ?)
            """)
        .params(wish.tenant().value(), wish.request().value(), gateway.value(), boot)
        .query((row, n) -> new Amount(row.getLong("rows"), row.getLong("bytes")))
        .single();
  }

  private static void keep(
      JdbcClient jdbc, GatewayId gateway, String boot, BudgetClaim wish, Amount amount) {
    jdbc.sql(
            """
            insert into budget_claim (tenant_id, request_id, gateway, boot, rows, bytes)
            values (?, ?, ?, ?, ?, ?)
            on conflict (tenant_id, request_id, gateway, boot)
               do update set rows = excluded.rows, bytes = excluded.bytes
            """)
        .params(
            wish.tenant().value(),
            wish.request().value(),
            gateway.value(),
            boot,
            amount.rows(),
            amount.bytes())
        .update();
  }
}
