package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

  /// What became of the wish to release one row.
  enum Taking {
    TAKEN,

    /// The control plane is being asked for more rows; whoever wants this one is woken.
    ASKED,

    /// The budget is spent.
    SPENT
  }

  /// The meter of one more session; all sessions of one grant share the count.
  ///
  /// @param wake called, by any thread, when it is worth asking again
  RowMeter enter(Permit permit, Runnable wake) {
    Account account = accounts.computeIfAbsent(permit.request(), id -> new Account(permit));
    account.enter();
    return new RowMeter(account, wake);
  }

  /// One session's view of its grant's count.
  record RowMeter(Account account, Runnable wake) {
    /// Takes one row; never waits.
    ///
    /// @throws ControlPlane.Unreachable if no row could be claimed for a long time
    Taking takeOne() {
      return account.budget.isUnlimited() ? Taking.TAKEN : account.takeOne(wake);
    }

    RowBudget budget() {
      return account.budget;
    }

    /// The session has ended and takes no more rows. May wait for the control plane.
    void leave() {
      account.leave(wake);
    }
  }

  /// The rows of one grant in this process. Its monitor is never held while the control plane is
  /// asked.
  final class Account {
    private final Permit permit;
    private final RowBudget budget;
    private final Set<Runnable> waiting = new HashSet<>();
    private final Set<Runnable> refused = new HashSet<>();
    private final Set<Runnable> unanswered = new HashSet<>();
    private boolean claiming;
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

    private synchronized Taking takeOne(Runnable wake) {
      if (unanswered.remove(wake)) {
        throw new ControlPlane.Unreachable("no row could be claimed");
      }
      if (refused.remove(wake) || used >= budget.rows()) {
        return Taking.SPENT;
      }
      if (used < claimed) {
        used++;
        return Taking.TAKEN;
      }
      waiting.add(wake);
      if (!claiming) {
        claiming = true;
        long block = Math.max(SMALLEST_CLAIM, budget.rows() / CLAIMS);
        long wish = Math.min(used + block, budget.rows());
        Thread.startVirtualThread(() -> claimMore(wish));
      }
      return Taking.ASKED;
    }

    /// Asks until there is an answer, but not for ever.
    private void claimMore(long wish) {
      long deadline = System.nanoTime() + CLAIM_WITHIN.toNanos();
      while (true) {
        try {
          answered(claim(wish));
          return;
        } catch (RuntimeException e) {
          if (System.nanoTime() - deadline > 0 || isDeserted()) {
            gaveUp();
            return;
          }
          LockSupport.parkNanos(this, RETRY_NANOS);
        }
      }
    }

    private long claim(long rows) {
      return Math.min(rows, controlPlane.claimRows(permit.tenant(), permit.request(), rows));
    }

    private synchronized boolean isDeserted() {
      return sessions == 0;
    }

    private synchronized void answered(long granted) {
      claimed = granted;
      if (used >= claimed) {
        refused.addAll(waiting);
      }
      wakeAll();
    }

    private synchronized void gaveUp() {
      unanswered.addAll(waiting);
      wakeAll();
    }

    private synchronized void wakeAll() {
      claiming = false;
      waiting.forEach(Runnable::run);
      waiting.clear();
    }

    private void leave(Runnable wake) {
      long kept;
      synchronized (this) {
        waiting.remove(wake);
        refused.remove(wake);
        unanswered.remove(wake);
        sessions--;
        if (sessions > 0 || claiming || claimed <= used) {
          return;
        }
        claiming = true;
        claimed = used;
        kept = used;
      }
      giveBack(kept);
    }

    /// Whoever wants a row meanwhile waits, and then asks for more.
    private void giveBack(long kept) {
      try {
        claim(kept);
      } catch (RuntimeException e) {
        LOG.info("{}: rows stay claimed: {}", permit.request(), e.getMessage());
      } finally {
        wakeAll();
      }
    }
  }
}
