package org.openlockbox.gateway.budget;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.gateway.admission.Permit;

/// How much each access may make this gateway write into its tenant's log: its sessions and
/// operations with their texts and values, since the gateway started.
///
/// Whoever spends it ends nobody's sessions but those of the same access. The operation that spends
/// it is recorded too and has begun; nothing is taken from the client after it.
public final class RecordShares {
  private final long bytes;
  private final PerGrant<RecordShare> shares;

  public RecordShares(long bytes, InstantSource clock) {
    this.bytes = bytes;
    this.shares = new PerGrant<>(clock);
  }

  /// The one that all sessions of this access share.
  public RecordShare of(Permit permit) {
    return shares.of(permit, () -> new RecordShare(bytes));
  }

  /// What one access has left.
  public static final class RecordShare {
    private final AtomicLong left;

    public RecordShare(long bytes) {
      this.left = new AtomicLong(bytes);
    }

    public void take(long bytes) {
      left.addAndGet(-bytes);
    }

    public boolean isSpent() {
      return left.get() <= 0;
    }
  }
}
