package org.openlockbox.core.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/// How long a statement that runs when the granted time is over may go on before it is cut off;
/// zero cuts it off at once. Nothing new starts in this time, and a revocation never waits for it.
public record SoftEnd(Duration grace) {
  /// Everything is cut off on time. Never written out: an absent member means this.
  public static final SoftEnd NONE = new SoftEnd(Duration.ZERO);

  /// The most that an approver can allow.
  public static final SoftEnd LONGEST = new SoftEnd(Duration.ofMinutes(10));

  public SoftEnd {
    grace = grace.truncatedTo(ChronoUnit.MILLIS);
    if (grace.isNegative() || grace.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("a soft end takes at most PT10M, not " + grace);
    }
  }

  public boolean isNone() {
    return grace.isZero();
  }

  public boolean isWiderThan(SoftEnd other) {
    return grace.compareTo(other.grace) > 0;
  }

  public SoftEnd narrower(SoftEnd other) {
    return isWiderThan(other) ? other : this;
  }
}
