package org.openlockbox.postgres.batch;

import java.util.function.LongSupplier;
import org.openlockbox.postgres.wire.WireViolation;

/// What the texts of a session's names, known and under way, may weigh together, give or take what
/// has come since they were weighed: that is done when they may have doubled.
final class TextWeight {
  private static final long MAX = 24L * 1024 * 1024;
  private static final long WEIGHED_FROM = 64 * 1024;

  private final LongSupplier all;
  private long weighed;
  private long since;

  /// @param all weighs all that is kept
  TextWeight(LongSupplier all) {
    this.all = all;
  }

  /// So many bytes more come.
  void add(long bytes) {
    since += bytes;
    if (since > weighed + WEIGHED_FROM) {
      weighed = all.getAsLong();
      since = bytes;
      if (weighed > MAX) {
        throw new WireViolation("too long texts of prepared statements in one session");
      }
    }
  }

  /// What they weigh at most.
  long atMost() {
    return weighed + since;
  }
}
