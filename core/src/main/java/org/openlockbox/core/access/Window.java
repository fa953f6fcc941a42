package org.openlockbox.core.access;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// A stretch of time, kept to the millisecond: from `notBefore` on, and over at `notAfter`.
public record Window(Instant notBefore, Instant notAfter) {
  public Window {
    notBefore = notBefore.truncatedTo(ChronoUnit.MILLIS);
    notAfter = notAfter.truncatedTo(ChronoUnit.MILLIS);
    if (!notBefore.isBefore(notAfter)) {
      throw new IllegalArgumentException(
          "a window ends after it starts: %s to %s".formatted(notBefore, notAfter));
    }
  }

  public boolean contains(Instant now) {
    return !now.isBefore(notBefore) && isOpenAt(now);
  }

  /// Whether the window is not over; it may not have started.
  public boolean isOpenAt(Instant now) {
    return now.isBefore(notAfter);
  }

  public Duration length() {
    return Duration.between(notBefore, notAfter);
  }
}
