package org.openlockbox.core.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// How long something may last before it is cut off, kept to the millisecond; empty: no limit.
public record Timeout(Optional<Duration> after) {
  /// No limit. Never written out: an absent member means this.
  public static final Timeout NONE = new Timeout(Optional.empty());

  public static final Duration SHORTEST = Duration.ofSeconds(1);

  /// As long as the longest access.
  public static final Duration LONGEST = Duration.ofDays(30);

  public Timeout {
    after = after.map(length -> length.truncatedTo(ChronoUnit.MILLIS));
    if (after.filter(Timeout::isOutOfBounds).isPresent()) {
      throw new IllegalArgumentException("a timeout is PT1S to P30D, not " + after.get());
    }
  }

  public static Timeout of(Duration after) {
    return new Timeout(Optional.of(after));
  }

  private static boolean isOutOfBounds(Duration length) {
    return length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0;
  }

  public boolean isWiderThan(Timeout other) {
    return other.after.isPresent()
        && (after.isEmpty() || after.get().compareTo(other.after.get()) > 0);
  }

  public Timeout narrower(Timeout other) {
    return isWiderThan(other) ? other : this;
  }

  @Override
  public String toString() {
    return after.map(Duration::toString).orElse("none");
  }
}
