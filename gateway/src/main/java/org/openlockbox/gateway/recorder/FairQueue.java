package org.openlockbox.gateway.recorder;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.tenant.TenantId;

/// The entries that wait, in fair turns: tenants take turns, and within a tenant its accesses. The
/// entries of one access keep their order.
///
/// A batch takes as long as it is heavy, and whoever comes meanwhile waits for it. So while others
/// have entries too, no tenant and no access has more than [#SHARE] of a batch. Whoever is alone
/// may fill it.
///
/// Used by the recorder's thread alone. Nothing here costs more when more entries wait.
final class FairQueue {
  /// About 256 short operations.
  static final long SHARE = 256L * 1024;

  private static final long COMPANY_NANOS = 1_000_000_000L;

  private final Rotation tenants = new Rotation(BatchShare::ofTenant);
  private final Map<TenantId, TenantEntries> byTenant = new HashMap<>();
  private final Set<TenantId> held = new HashSet<>();
  private final RecentTenants<TenantId> ofTenants = new RecentTenants<>();
  private final RecentTenants<AccessQueue> ofAccesses = new RecentTenants<>();
  private BatchShare share = new BatchShare(0, Long.MAX_VALUE, Long.MAX_VALUE);
  private int size;
  private int awaited;
  private long oldest;

  /// Whether several have been here lately.
  private static final class RecentTenants<T> {
    private @Nullable T newest;
    private boolean met;
    private long metAt;

    void came(T one, long nanos) {
      if (newest != null && !newest.equals(one)) {
        met = true;
        metAt = nanos;
      }
      newest = one;
    }

    long share(long nanos) {
      met = met && nanos - metAt < COMPANY_NANOS;
      return met ? SHARE : Long.MAX_VALUE;
    }
  }

  /// What waits of one tenant.
  private static final class TenantEntries {
    final Rotation accesses = new Rotation(BatchShare::ofAccess);
    int size;
    int awaited;

    void count(PendingEntry entry, int more) {
      size += more;
      awaited += entry.isTrailing() ? 0 : more;
    }
  }

  /// Once; whatever is thrown, it may be tried again.
  void add(PendingEntry entry) {
    AccessQueue access = entry.access();
    TenantEntries tenant = byTenant.computeIfAbsent(access.tenant(), t -> new TenantEntries());
    boolean isHeld = held.contains(access.tenant());
    tenant.accesses.add(access);
    if (!isHeld) {
      tenants.add(tenant.accesses);
    }
    tenant.count(entry, 1);
    if (!isHeld) {
      count(1, entry.isTrailing() ? 0 : 1);
      oldest = size == 1 ? entry.queuedAt() : oldest;
    }
    ofTenants.came(access.tenant(), entry.queuedAt());
    ofAccesses.came(access, entry.queuedAt());
    access.add(entry);
  }

  private void count(int more, int moreAwaited) {
    size += more;
    awaited += moreAwaited;
  }

  /// From now on nothing of this tenant has its turn; it goes on waiting in order.
  void hold(TenantId tenant) {
    TenantEntries its = byTenant.get(tenant);
    if (held.add(tenant) && its != null) {
      tenants.drop(its.accesses);
      count(-its.size, -its.awaited);
    }
  }

  /// Ends what [#hold] began.
  void release(TenantId tenant) {
    TenantEntries its = byTenant.get(tenant);
    if (its != null) {
      tenants.add(its.accesses);
    }
    if (held.remove(tenant) && its != null) {
      count(its.size, its.awaited);
    }
  }

  void releaseAll() {
    List.copyOf(held).forEach(this::release);
  }

  /// Whether only entries of these tenants are here, each of them once in the list.
  boolean isEmptyBut(List<TenantId> tenants) {
    int theirs = 0;
    for (TenantId tenant : tenants) {
      TenantEntries its = byTenant.get(tenant);
      theirs += its == null || held.contains(tenant) ? 0 : its.size;
    }
    return size == theirs;
  }

  /// A new batch is made up.
  void beginBatch(long nanos) {
    share = new BatchShare(share.batch() + 1, ofTenants.share(nanos), ofAccesses.share(nanos));
  }

  /// The entry whose turn it is; null if none may join this batch.
  @Nullable PendingEntry peek() {
    return tenants.peek(share);
  }

  /// Takes out what [#peek] gave.
  void remove(PendingEntry entry) {
    tenants.remove(entry, share);
    TenantEntries its = Objects.requireNonNull(byTenant.get(entry.tenant()));
    its.count(entry, -1);
    count(-1, entry.isTrailing() ? 0 : -1);
    if (its.size == 0) {
      byTenant.remove(entry.tenant());
    }
  }

  /// Those of held tenants aside.
  boolean isEmpty() {
    return size == 0;
  }

  /// Whether anybody waits for one of them, those of held tenants aside.
  boolean isAwaited() {
    return awaited > 0;
  }

  /// When the first entry came after it had been empty.
  long oldest() {
    return oldest;
  }
}
