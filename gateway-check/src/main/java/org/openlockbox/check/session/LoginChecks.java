package org.openlockbox.check.session;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.AdmissionDecision;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.tlog.tree.Hash;

/// Bounds the work of proving logins: a few at once, and what was denied is not proven again for a
/// second. A yes is never remembered.
final class LoginChecks {
  static final int AT_ONCE = 8;
  private static final int MOST_REMEMBERED = 1_000;
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final long REMEMBERED_NANOS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanoTime;
  private final Semaphore room = new Semaphore(AT_ONCE, true);
  private final Map<OfferedLogin, RememberedDenial> denied = new ConcurrentHashMap<>();

  /// What is offered as whose. The same statement may be denied as one and be good as another.
  ///
  /// @param statement SHA-256 of the connect statement with its signatures
  record OfferedLogin(TenantId tenant, RequestId request, Hash statement) {}

  private record RememberedDenial(Deny why, long since) {}

  LoginChecks(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// What comes of proving this login.
  AdmissionDecision of(OfferedLogin login, Supplier<AdmissionDecision> proof) {
    Optional<Deny> why = remembered(login);
    return why.isPresent() ? why.get() : now(login, proof);
  }

  private Optional<Deny> remembered(OfferedLogin login) {
    long now = nanoTime.getAsLong();
    return Optional.ofNullable(denied.get(login))
        .filter(each -> now - each.since() < REMEMBERED_NANOS)
        .map(RememberedDenial::why);
  }

  private AdmissionDecision now(OfferedLogin login, Supplier<AdmissionDecision> proof) {
    if (!isLetIn()) {
      return new Deny(
          Deny.DenyReason.CANNOT_CHECK,
          "too many logins are checked at once",
          "Ask again in a moment; if it stays so, tell your platform team.");
    }
    try {
      Optional<Deny> meanwhile = remembered(login);
      AdmissionDecision decision = meanwhile.isPresent() ? meanwhile.get() : proof.get();
      if (meanwhile.isEmpty() && decision instanceof Deny why) {
        remember(login, why);
      }
      return decision;
    } finally {
      room.release();
    }
  }

  private void remember(OfferedLogin login, Deny why) {
    long now = nanoTime.getAsLong();
    if (denied.size() >= MOST_REMEMBERED) {
      denied.values().removeIf(each -> now - each.since() >= REMEMBERED_NANOS);
    }
    if (denied.size() < MOST_REMEMBERED) {
      denied.put(login, new RememberedDenial(why, now));
    }
  }

  private boolean isLetIn() {
    try {
      return room.tryAcquire(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
