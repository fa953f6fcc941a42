package org.openlockbox.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Permit;

/// One thing for each access, which its sessions share. It is kept as long as the access may be
/// used and a day longer, because a clock may be put back. Then it is forgotten, so a gateway does
/// not fill up however long it runs; hence the thing must not hold what let a session in.
public final class PerGrant<T> {
  private static final Duration LONGER = Duration.ofDays(1);
  private static final int FEW = 1_000;

  /// An access is of one tenant: whoever serves two logs could give two requests one id, and the
  /// wider limits of one must not be those of the other.
  record RequestKey(TenantId tenant, RequestId request) {}

  private record TimedValue<T>(T thing, Instant until) {}

  private final InstantSource clock;
  private final Map<RequestKey, TimedValue<T>> things = new HashMap<>();
  private int most = FEW;

  public PerGrant(InstantSource clock) {
    this.clock = clock;
  }

  /// That of the access which let this session in.
  public T of(Permit permit, Supplier<T> make) {
    RequestKey access = new RequestKey(permit.tenant(), permit.request());
    return of(access, permit.terms().window().notAfter(), make);
  }

  /// That of this access, which ends at `over` at the latest.
  public synchronized T of(RequestKey access, Instant over, Supplier<T> make) {
    TimedValue<T> kept = things.get(access);
    if (kept == null) {
      forgetOld();
      kept = new TimedValue<>(make.get(), over.plus(LONGER));
      things.put(access, kept);
    }
    return kept.thing();
  }

  /// Looks through all of them only when they have doubled since the last time.
  private void forgetOld() {
    if (things.size() >= most) {
      Instant now = clock.instant();
      things.values().removeIf(kept -> kept.until().isBefore(now));
      most = Math.max(FEW, 2 * things.size());
    }
  }

  synchronized int size() {
    return things.size();
  }
}
