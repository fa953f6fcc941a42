package org.openlockbox.gateway.budget;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.gateway.admission.Permit;

/// How much memory of this gateway the sessions of each access may fill together: with messages
/// that have begun or that the service or the client has not taken yet, with what is not answered
/// yet, and with the names, texts and values of prepared statements and portals. Whoever wants more
/// ends its own session.
public final class MemoryShares {
  private static final long BYTES = 256L * 1024 * 1024;

  private final PerGrant<AtomicLong> filled;

  public MemoryShares(InstantSource clock) {
    this.filled = new PerGrant<>(clock);
  }

  /// That of one more session of this access.
  public MemoryShare of(Permit permit) {
    return new MemoryShare(filled.of(permit, AtomicLong::new));
  }

  /// What one session fills; used by its loop.
  public static final class MemoryShare {
    private final AtomicLong ofAccess;
    private long own;

    private MemoryShare(AtomicLong ofAccess) {
      this.ofAccess = ofAccess;
    }

    /// The session fills so much now.
    public void fills(long bytes) {
      long more = bytes - own;
      if (more == 0) {
        return;
      }
      own = bytes;
      if (ofAccess.addAndGet(more) > BYTES && more > 0) {
        throw new MemoryLimitExceeded();
      }
    }
  }
}
