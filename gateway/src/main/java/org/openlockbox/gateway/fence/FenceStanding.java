package org.openlockbox.gateway.fence;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Whether the fence of one database stands, as the gateway last saw it. Safe for many threads.
final class FenceStanding {
  private static final Duration CHECKED_FOR = Duration.ofSeconds(3);

  /// How long sessions go on while the database cannot be asked.
  private static final Duration UNSEEN_FOR = Duration.ofSeconds(30);

  private final ResourceSpec spec;
  private final AdminPool pool;
  private final InstantSource clock;
  private Optional<Checked> last = Optional.empty();
  private volatile Instant heldAt = Instant.MIN;
  private volatile boolean broken;

  private record Checked(Instant at, FenceReport report) {}

  FenceStanding(ResourceSpec spec, AdminPool pool, InstantSource clock) {
    this.spec = spec;
    this.pool = pool;
    this.clock = clock;
  }

  /// At most three seconds old.
  synchronized SessionRoles.Standing now() {
    Instant now = clock.instant();
    return last.filter(seen -> !now.isBefore(seen.at()))
        .filter(seen -> now.isBefore(seen.at().plus(CHECKED_FOR)))
        .map(seen -> standing(seen.report()))
        .orElseGet(this::look);
  }

  /// Asks the database.
  synchronized SessionRoles.Standing look() {
    Instant asked = clock.instant();
    try {
      FenceReport report = pool.use(connection -> FenceCheck.report(connection, spec));
      last = Optional.of(new Checked(asked, report));
      broken = report.drift().isPresent();
      if (!broken) {
        heldAt = asked;
      }
      return standing(report);
    } catch (SQLException e) {
      last = Optional.empty();
      return new SessionRoles.Standing.Unreachable(
          "the fence cannot be checked: " + e.getMessage());
    }
  }

  boolean holds() {
    return !broken && clock.instant().isBefore(heldAt.plus(UNSEEN_FOR));
  }

  private static SessionRoles.Standing standing(FenceReport report) {
    return report.stands()
        ? new SessionRoles.Standing.Stands(report)
        : new SessionRoles.Standing.Broken(report);
  }
}
