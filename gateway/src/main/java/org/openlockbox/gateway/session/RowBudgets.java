package org.openlockbox.gateway.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RowBudget;

/// Counts the rows that each grant has released through this gateway since it started.
final class RowBudgets {
  private final Map<RequestId, AtomicLong> used = new ConcurrentHashMap<>();

  /// The meter that all sessions of one grant share.
  RowMeter meter(RequestId request, RowBudget budget) {
    return new RowMeter(budget, used.computeIfAbsent(request, id -> new AtomicLong()));
  }

  /// One grant's count beside its limit.
  record RowMeter(RowBudget budget, AtomicLong used) {
    /// Takes one row; false if the budget is spent.
    boolean takeOne() {
      return budget.isUnlimited() || used.incrementAndGet() <= budget.rows();
    }
  }
}
