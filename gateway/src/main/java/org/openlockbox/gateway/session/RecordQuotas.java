package org.openlockbox.gateway.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.core.access.RequestId;

/// How much each access may make this gateway write into its tenant's log: its sessions and
/// statements with their texts and values, since the gateway started.
///
/// Whoever spends it ends nobody's sessions but those of the same access. The statement that spends
/// it is recorded too and has begun; nothing is taken from the client after it.
final class RecordQuotas {
  private final long bytes;
  private final Map<RequestId, Quota> quotas = new ConcurrentHashMap<>();

  RecordQuotas(long bytes) {
    this.bytes = bytes;
  }

  /// The one that all sessions of this access share.
  Quota of(RequestId request) {
    return quotas.computeIfAbsent(request, _ -> new Quota(bytes));
  }

  /// What one access has left.
  static final class Quota {
    private final AtomicLong left;

    private Quota(long bytes) {
      this.left = new AtomicLong(bytes);
    }

    void take(long bytes) {
      left.addAndGet(-bytes);
    }

    boolean isSpent() {
      return left.get() <= 0;
    }
  }
}
