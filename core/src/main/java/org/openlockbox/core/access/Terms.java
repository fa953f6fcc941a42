package org.openlockbox.core.access;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Timeout;

/// What an engineer asks for: this resource, at this level, this long, within these limits.
///
/// The clock starts at approval, or at `notBefore` if that is later; never at connect.
public record Terms(
    ResourceId resource,
    Level level,
    Optional<Instant> notBefore,
    Duration duration,
    Limits limits) {
  /// The longest access that can be asked for in one request.
  public static final Duration LONGEST = Timeout.LONGEST;

  public Terms {
    notBefore = notBefore.map(start -> start.truncatedTo(ChronoUnit.MILLIS));
    duration = duration.truncatedTo(ChronoUnit.MILLIS);
    if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("duration is more than 0 and at most P30D: " + duration);
    }
  }

  /// The same with other limits.
  public Terms with(Limits other) {
    return new Terms(resource, level, notBefore, duration, other);
  }

  /// When the clock starts if approved at `now`.
  public Instant startIfApprovedAt(Instant now) {
    return notBefore.filter(now::isBefore).orElse(now);
  }
}
