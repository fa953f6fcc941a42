package org.openlockbox.core.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What an approver takes away from the terms that were asked; what is empty stays as asked.
///
/// Nothing here prevents asking for more; [Allowance#widens] finds that, on every side.
public record Narrowing(
    Optional<Level> level,
    Optional<Instant> notBefore,
    Optional<Duration> duration,
    Optional<RowBudget> rowBudget,
    Optional<Tables> tables) {
  /// Everything as asked.
  public static final Narrowing NONE =
      new Narrowing(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
