package org.openlockbox.gateway.recorder;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
  /// About 256 short statements.
  static final long SHARE = 256L * 1024;

  private static final long COMPANY_NANOS = 1_000_000_000L;

  private final Rotation tenants = new Rotation(BatchShare::ofTenant);
  private final Map<TenantId, Rotation> byTenant = new HashMap<>();
  private final Company<TenantId> ofTenants = new Company<>();
  private final Company<AccessQueue> ofAccesses = new Company<>();
  private BatchShare share = new BatchShare(0, Long.MAX_VALUE, Long.MAX_VALUE);
  private int size;
  private int awaited;
  private long oldest;

  /// Whether several have been here lately.
  private static final class Company<T> {
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

  /// Once; whatever is thrown, it may be tried again.
  void add(PendingEntry entry) {
    AccessQueue access = entry.access();
    Rotation tenant =
        byTenant.computeIfAbsent(access.tenant(), t -> new Rotation(BatchShare::ofAccess));
    tenant.add(access);
    tenants.add(tenant);
    size++;
    if (size == 1) {
      oldest = entry.queuedAt();
    }
    awaited += entry.isTrailing() ? 0 : 1;
    ofTenants.came(access.tenant(), entry.queuedAt());
    ofAccesses.came(access, entry.queuedAt());
    access.add(entry);
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
    size--;
    awaited -= entry.isTrailing() ? 0 : 1;
    if (Objects.requireNonNull(byTenant.get(entry.tenant())).isEmpty()) {
      byTenant.remove(entry.tenant());
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Whether anybody waits for one of them.
  boolean isAwaited() {
    return awaited > 0;
  }

  /// When the first entry came after it had been empty.
  long oldest() {
    return oldest;
  }
}
