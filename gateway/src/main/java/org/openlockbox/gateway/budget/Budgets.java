package org.openlockbox.gateway.budget;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the rows that each grant releases and their bytes, and claims both from the control plane
/// before that, in blocks: so all gateways together release no more than the budgets, however often
/// they start. By itself this gateway never releases more than the budgets either, whatever the
/// control plane says.
///
/// What is left of a block when the grant's last session here ends is given back; a crash loses it
/// to the engineer, at most a [#CLAIMS]th of a budget or the [#SMALLEST_CLAIM].
public final class Budgets {
  private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);
  private static final Set<Limit> BUDGETS = Set.of(Limit.ROW_BUDGET, Limit.BYTE_BUDGET);
  private static final int CLAIMS = 16;
  private static final Amount SMALLEST_CLAIM = new Amount(20, 64 * 1024);
  private static final long RETRY_NANOS = 100_000_000L;

  private final ControlPlane controlPlane;
  private final Duration hold;
  private final PerGrant<Account> accounts;

  /// @param hold how long a session may wait for a claim
  public Budgets(ControlPlane controlPlane, Duration hold, InstantSource clock) {
    this.controlPlane = controlPlane;
    this.hold = hold;
    this.accounts = new PerGrant<>(clock);
  }

  /// What became of the wish to release one row.
  public enum ChargeResult {
    TAKEN,

    /// The control plane is being asked for more; whoever wants this row is woken.
    ASKED,

    /// A budget is spent.
    SPENT
  }

  /// The meter of one more session; all sessions of one grant share the count.
  ///
  /// @param wake called, by any thread, when it is worth asking again
  public Meter enter(Permit permit, Runnable wake) {
    Account account = accounts.of(permit, () -> new Account(permit));
    account.enter();
    return new Meter(account, wake);
  }

  /// One session's view of its grant's count.
  public record Meter(Account account, Runnable wake) {
    /// Takes one row of so many bytes; never waits.
    ///
    /// @throws ControlPlane.NoReply if nothing could be claimed for a long time
    public ChargeResult take(long bytes) {
      return take(1, bytes);
    }

    /// Takes so many rows, which have so many bytes together; never waits.
    ///
    /// @throws ControlPlane.NoReply if nothing could be claimed for a long time
    public ChargeResult take(long rows, long bytes) {
      return account.isUnlimited()
          ? ChargeResult.TAKEN
          : account.take(new Amount(rows, bytes), wake);
    }

    /// Takes so many bytes that are no row; never waits.
    ///
    /// @throws ControlPlane.NoReply if nothing could be claimed for a long time
    public ChargeResult takeText(long bytes) {
      return account.isUnlimited() ? ChargeResult.TAKEN : account.take(new Amount(0, bytes), wake);
    }

    /// The budgets there are, in words.
    public String budget() {
      return account.words();
    }

    /// The session has ended and takes no more rows. May wait for the control plane.
    public void leave() {
      account.leave(wake);
    }
  }

  /// What one grant has used in this process. Its monitor is never held while the control plane is
  /// asked.
  final class Account {
    private final TenantId tenant;
    private final RequestId request;
    private final Limits limits;
    private final Amount budget;
    private final Map<Runnable, Amount> waiting = new HashMap<>();
    private final Set<Runnable> refused = new HashSet<>();
    private final Set<Runnable> unanswered = new HashSet<>();
    private boolean claiming;
    private Amount used = Amount.NONE;
    private Amount claimed = Amount.NONE;
    private int sessions;

    Account(Permit permit) {
      this.tenant = permit.tenant();
      this.request = permit.request();
      this.limits = permit.terms().limits();
      this.budget = Amount.of(limits);
    }

    private boolean isUnlimited() {
      return limits.rowBudget().isUnlimited() && limits.byteBudget().isUnlimited();
    }

    private String words() {
      return limits.words().entrySet().stream()
          .filter(each -> BUDGETS.contains(each.getKey()))
          .map(each -> each.getValue() + " " + each.getKey().label())
          .collect(Collectors.joining(", "));
    }

    private synchronized void enter() {
      sessions++;
    }

    private synchronized ChargeResult take(Amount row, Runnable wake) {
      if (unanswered.remove(wake)) {
        throw new ControlPlane.NoReply("no row could be claimed");
      }
      Amount needed = used.plus(row);
      if (refused.remove(wake) || !needed.isWithin(budget)) {
        return ChargeResult.SPENT;
      }
      if (needed.isWithin(claimed)) {
        used = needed;
        return ChargeResult.TAKEN;
      }
      waiting.put(wake, row);
      if (!claiming) {
        claiming = true;
        Amount wish = used.plus(block()).atLeast(needed).atMost(budget);
        Thread.startVirtualThread(() -> claimMore(wish));
      }
      return ChargeResult.ASKED;
    }

    private Amount block() {
      return new Amount(budget.rows() / CLAIMS, budget.bytes() / CLAIMS).atLeast(SMALLEST_CLAIM);
    }

    /// Asks until there is an answer, but not for ever.
    private void claimMore(Amount wish) {
      long deadline = System.nanoTime() + hold.toNanos();
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

    /// What has no budget is not claimed.
    private Amount claim(Amount wish) {
      boolean allRows = limits.rowBudget().isUnlimited();
      boolean allBytes = limits.byteBudget().isUnlimited();
      Amount claim = new Amount(allRows ? 0 : wish.rows(), allBytes ? 0 : wish.bytes());
      Amount granted = controlPlane.claim(tenant, request, claim).atMost(claim);
      return new Amount(
          allRows ? budget.rows() : granted.rows(), allBytes ? budget.bytes() : granted.bytes());
    }

    private synchronized boolean isDeserted() {
      return sessions == 0;
    }

    private synchronized void answered(Amount granted) {
      claimed = granted;
      waiting.forEach(
          (wake, row) -> {
            if (!used.plus(row).isWithin(claimed)) {
              refused.add(wake);
            }
          });
      wakeAll();
    }

    private synchronized void gaveUp() {
      unanswered.addAll(waiting.keySet());
      wakeAll();
    }

    private synchronized void wakeAll() {
      claiming = false;
      waiting.keySet().forEach(Runnable::run);
      waiting.clear();
    }

    private void leave(Runnable wake) {
      Amount kept;
      synchronized (this) {
        waiting.remove(wake);
        refused.remove(wake);
        unanswered.remove(wake);
        sessions--;
        if (sessions > 0 || claiming || claimed.isWithin(used)) {
          return;
        }
        claiming = true;
        claimed = used;
        kept = used;
      }
      giveBack(kept);
    }

    /// Whoever wants a row meanwhile waits, and then asks for more.
    private void giveBack(Amount kept) {
      try {
        claim(kept);
      } catch (RuntimeException e) {
        LOG.info("{}: rows stay claimed: {}", request, e.getMessage());
      } finally {
        wakeAll();
      }
    }
  }
}
