package org.openlockbox.portal.report;

import java.time.Duration;

/// In what lengths of time are drawn: the largest unit of which the longest has a few.
enum ReportUnit {
  MINUTES(Duration.ofMinutes(1)),
  HOURS(Duration.ofHours(1)),
  DAYS(Duration.ofDays(1));

  private static final int FEW = 3;
  private final Duration length;

  ReportUnit(Duration length) {
    this.length = length;
  }

  static ReportUnit of(Duration longest) {
    return longest.compareTo(DAYS.length.multipliedBy(FEW)) > 0
        ? DAYS
        : longest.compareTo(HOURS.length.multipliedBy(FEW)) > 0 ? HOURS : MINUTES;
  }

  /// So many of it, with a part of one.
  double in(Duration time) {
    return (double) time.toSeconds() / length.toSeconds();
  }

  /// `minutes`, in message ids.
  String word() {
    return switch (this) {
      case MINUTES -> "minutes";
      case HOURS -> "hours";
      case DAYS -> "days";
    };
  }
}
