package org.openlockbox.server.audit;

import java.time.Duration;
import java.time.YearMonth;
import java.util.Optional;

/// What came of the requests that were made in one month (UTC).
///
/// @param about whose or which: an engineer or a resource, or `` for all
/// @param answered half of the answers that people gave came this soon
/// @param access how long access was open under them, up to now
public record MonthFigures(
    YearMonth month,
    FigureSubject dimension,
    String about,
    OutcomeCounts counts,
    Optional<Duration> answered,
    Duration access) {

  /// How many requests were made, and what became of them.
  ///
  /// @param automatic granted by the policy alone
  /// @param narrowed granted with less than was asked
  /// @param denied by people, by the policy, or by the provider's review
  public record OutcomeCounts(
      long requests, long approved, long automatic, long narrowed, long denied) {
    private static final OutcomeCounts NONE = new OutcomeCounts(0, 0, 0, 0, 0);
  }

  /// What figures are about.
  public enum FigureSubject {
    ALL,
    ENGINEER,
    RESOURCE
  }

  /// Nothing was asked.
  static MonthFigures none(YearMonth month) {
    return new MonthFigures(
        month, FigureSubject.ALL, "", OutcomeCounts.NONE, Optional.empty(), Duration.ZERO);
  }
}
