package org.openlockbox.core.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.limits.Limits;

/// What an approver takes away from the terms that were asked; what is empty, and each of `limits`
/// that is [Limits#WIDEST], stays as asked.
///
/// Nothing here prevents asking for more; [Allowance#widens] finds that, on every side.
public record Narrowing(
    Optional<Level> level,
    Optional<Instant> notBefore,
    Optional<Duration> duration,
    Limits limits) {
  /// Everything as asked.
  public static final Narrowing NONE = to(Limits.WIDEST);

  /// The same level and time, within these limits.
  public static Narrowing to(Limits limits) {
    return new Narrowing(Optional.empty(), Optional.empty(), Optional.empty(), limits);
  }
}
