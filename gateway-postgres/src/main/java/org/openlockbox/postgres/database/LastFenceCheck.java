package org.openlockbox.postgres.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.fence.FenceCheck;
import org.openlockbox.postgres.fence.FenceReport;
import org.openlockbox.postgres.fence.WriteHints;

/// Whether the fence of one database stands, as the gateway last saw it, on a clock that nobody can
/// set. Safe for many threads.
final class LastFenceCheck {
  private static final long CHECKED_FOR = Duration.ofSeconds(3).toNanos();

  /// How long sessions go on while the database cannot be asked.
  private static final long UNSEEN_FOR = Duration.ofSeconds(30).toNanos();

  private final ResourceSpec spec;
  private final AdminPool pool;
  private final LongSupplier nanoTime;
  private Optional<TimedReport> last = Optional.empty();
  private volatile long holdsUntil;
  private volatile boolean broken;
  private volatile WriteHints hints = WriteHints.NONE;

  private record TimedReport(long at, FenceReport report) {}

  LastFenceCheck(ResourceSpec spec, AdminPool pool, LongSupplier nanoTime) {
    this.spec = spec;
    this.pool = pool;
    this.nanoTime = nanoTime;
    this.holdsUntil = nanoTime.getAsLong();
  }

  /// At most three seconds old.
  synchronized SessionRoles.FenceState now() {
    long now = nanoTime.getAsLong();
    return last.filter(seen -> now - seen.at() < CHECKED_FOR)
        .map(seen -> standing(seen.report()))
        .orElseGet(this::look);
  }

  /// Asks the database.
  synchronized SessionRoles.FenceState look() {
    long asked = nanoTime.getAsLong();
    try {
      FenceReport report = pool.use(connection -> FenceCheck.report(connection, spec));
      last = Optional.of(new TimedReport(asked, report));
      hints = report.hints();
      broken = report.drift().isPresent();
      if (!broken) {
        holdsUntil = asked + UNSEEN_FOR;
      }
      return standing(report);
    } catch (SQLException e) {
      last = Optional.empty();
      return new SessionRoles.FenceState.FenceUnknown(
          "the fence cannot be checked: " + DatabaseErrorText.of(e).line());
    }
  }

  /// Asks nobody: a session opens after a look.
  WriteHints hints() {
    return hints;
  }

  boolean holds() {
    return !broken && nanoTime.getAsLong() - holdsUntil < 0;
  }

  private static SessionRoles.FenceState standing(FenceReport report) {
    return report.stands()
        ? new SessionRoles.FenceState.FenceStands(report)
        : new SessionRoles.FenceState.FenceBroken(report);
  }
}
