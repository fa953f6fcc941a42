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
final class RecordShares {
  private final long bytes;
  private final Map<RequestId, Share> shares = new ConcurrentHashMap<>();

  RecordShares(long bytes) {
    this.bytes = bytes;
  }

  /// The one that all sessions of this access share.
  Share of(RequestId request) {
    return shares.computeIfAbsent(request, _ -> new Share(bytes));
  }

  /// What one access has left.
  static final class Share {
    private final AtomicLong left;

    private Share(long bytes) {
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
