package org.openlockbox.core.access;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What an engineer asks for: this resource, at this level, this long, so many rows, these tables.
///
/// The clock starts at approval, or at `notBefore` if that is later; never at connect.
public record Terms(
    ResourceId resource,
    Level level,
    Optional<Instant> notBefore,
    Duration duration,
    RowBudget rowBudget,
    Tables tables) {
  /// The longest access that can be asked for in one request.
  public static final Duration LONGEST = Duration.ofDays(30);

  public Terms {
    notBefore = notBefore.map(start -> start.truncatedTo(ChronoUnit.MILLIS));
    duration = duration.truncatedTo(ChronoUnit.MILLIS);
    if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("duration is more than 0 and at most P30D: " + duration);
    }
  }

  /// When the clock starts if approved at `now`.
  public Instant startIfApprovedAt(Instant now) {
    return notBefore.filter(now::isBefore).orElse(now);
  }
}
