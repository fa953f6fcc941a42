package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RowBudget;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the rows that each grant releases, and claims them from the control plane before that, in
/// blocks: so all gateways together release no more than the budget, however often they start. By
/// itself this gateway never releases more than the budget either, whatever the control plane says.
///
/// What is left of a block when the grant's last session here ends is given back; a crash loses it
/// to the engineer, at most a [#CLAIMS]th of the budget or [#SMALLEST_CLAIM] rows.
final class RowBudgets {
  private static final Logger LOG = LoggerFactory.getLogger(RowBudgets.class);
  private static final int CLAIMS = 16;
  private static final long SMALLEST_CLAIM = 20;
  private static final Duration CLAIM_WITHIN = Duration.ofSeconds(30);
  private static final long RETRY_NANOS = 100_000_000L;

  private final ControlPlane controlPlane;
  private final Map<RequestId, Account> accounts = new ConcurrentHashMap<>();

  RowBudgets(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /// The meter of one more session; all sessions of one grant share the count.
  RowMeter enter(Permit permit, Gate gate) {
    Account account = accounts.computeIfAbsent(permit.request(), id -> new Account(permit));
    account.enter();
    return new RowMeter(account, gate);
  }

  /// One session's view of its grant's count.
  record RowMeter(Account account, Gate gate) {
    /// Takes one row; false if the budget is spent or the session has ended.
    ///
    /// @throws ControlPlane.Unreachable if no row could be claimed for a long time
    boolean takeOne() {
      return account.budget.isUnlimited() || account.takeOne(gate);
    }

    RowBudget budget() {
      return account.budget;
    }

    /// The session has ended and takes no more rows.
    void leave() {
      account.leave();
    }
  }

  /// The rows of one grant in this process.
  final class Account {
    private final Permit permit;
    private final RowBudget budget;
    private long used;
    private long claimed;
    private int sessions;

    Account(Permit permit) {
      this.permit = permit;
      this.budget = permit.terms().limits().rowBudget();
    }

    private synchronized void enter() {
      sessions++;
    }

    private synchronized boolean takeOne(Gate gate) {
      if (gate.isShut() || used >= budget.rows() || !(used < claimed || claimMore(gate))) {
        return false;
      }
      used++;
      return true;
    }

    private boolean claimMore(Gate gate) {
      long block = Math.max(SMALLEST_CLAIM, budget.rows() / CLAIMS);
      long deadline = System.nanoTime() + CLAIM_WITHIN.toNanos();
      while (!gate.isShut()) {
        try {
          claim(Math.min(used + block, budget.rows()));
          return used < claimed;
        } catch (ControlPlane.Unreachable e) {
          if (System.nanoTime() - deadline > 0) {
            throw e;
          }
          LockSupport.parkNanos(this, RETRY_NANOS);
        }
      }
      return false;
    }

    private void claim(long rows) {
      claimed = Math.min(rows, controlPlane.claimRows(permit.tenant(), permit.request(), rows));
    }

    private synchronized void leave() {
      sessions--;
      if (sessions > 0 || claimed <= used) {
        return;
      }
      try {
        claim(used);
      } catch (RuntimeException e) {
        LOG.info("{}: {} rows stay claimed", permit.request(), claimed - used);
      }
    }
  }
}
