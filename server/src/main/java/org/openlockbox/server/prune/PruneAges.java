package org.openlockbox.server.prune;

import java.time.Duration;
import java.util.List;

/// How long rows are kept that nothing depends on any more.
///
/// @param deliveries mail and webhook calls, from when they were delivered or given up
/// @param connectStatements from when they were over
/// @param boots of gateways, from when they were gone; longer than a certificate lasts, so that a
///   boot which was superseded is not taken for a new one
public record PruneAges(Duration deliveries, Duration connectStatements, Duration boots) {
  /// A day: whoever is told of a failure has time to look.
  private static final Duration SHORTEST = Duration.ofDays(1);

  public static final PruneAges STANDARD =
      new PruneAges(Duration.ofDays(90), Duration.ofDays(30), Duration.ofDays(400));

  public PruneAges {
    for (Duration age : List.of(deliveries, connectStatements, boots)) {
      if (age.compareTo(SHORTEST) < 0) {
        throw new IllegalArgumentException("rows are kept for a day at least, not for " + age);
      }
    }
  }
}
