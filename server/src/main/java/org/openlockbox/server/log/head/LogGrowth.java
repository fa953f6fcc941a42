package org.openlockbox.server.log.head;

import java.util.Optional;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;

/// That a log grew from one head to another, committed: the second has all entries of the first, by
/// construction.
///
/// @param keyringSeq index of the newest keyring entry of the second
public record LogGrowth(
    TenantId tenant,
    LogOrigin origin,
    SignedHeads.TreeHead from,
    SignedHeads.TreeHead to,
    long keyringSeq) {
  /// Two growths of one log as one. They may come in any order; if entries of another server lie
  /// between them, only the later one is known to be one.
  public LogGrowth and(LogGrowth other) {
    return follows(other)
        .or(() -> other.follows(this))
        .orElse(to.size() >= other.to.size() ? this : other);
  }

  private Optional<LogGrowth> follows(LogGrowth earlier) {
    return earlier.to.equals(from)
        ? Optional.of(new LogGrowth(tenant, origin, earlier.from, to, keyringSeq))
        : Optional.empty();
  }
}
