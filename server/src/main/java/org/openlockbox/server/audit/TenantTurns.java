package org.openlockbox.server.audit;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openlockbox.core.tenant.TenantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/// Gives each tenant that something is due for its turn, in the order of their ids and in a
/// transaction of its own. One whose turn fails is left for the next round, and nobody waits for
/// it.
final class TenantTurns {
  /// How many are asked for at once.
  static final int PAGE = 100;

  private static final Logger LOG = LoggerFactory.getLogger(TenantTurns.class);

  private final TransactionOperations transaction;

  TenantTurns(TransactionOperations transaction) {
    this.transaction = transaction;
  }

  /// @param what is due, for whoever reads that it failed
  /// @param dueAfter the next [#PAGE] tenants with a larger id that it is due for
  void each(String what, Function<String, List<TenantId>> dueAfter, Consumer<TenantId> take) {
    var page = dueAfter.apply("");
    while (!page.isEmpty()) {
      page.forEach(tenant -> turn(what, tenant, take));
      page = dueAfter.apply(page.getLast().value());
    }
  }

  private void turn(String what, TenantId tenant, Consumer<TenantId> take) {
    try {
      transaction.executeWithoutResult(_ -> take.accept(tenant));
    } catch (RuntimeException broken) {
      LOG.warn("{} of {} is left", what, tenant, broken);
    }
  }
}
