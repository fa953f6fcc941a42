package org.openlockbox.gateway.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.postgres.database.Kept;
import org.openlockbox.postgres.database.SessionRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a session's backend and role out of the database, however long it takes. What has failed
/// for 30 seconds is put on record as `removal-failed`, once: a database that is away for less, as
/// when another takes over, alarms nobody. The session closes when it is done.
final class Removal {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
  private static final Duration ON_RECORD_AFTER = Duration.ofSeconds(30);
  private static final int FEW_TRIES = 3;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Permit permit;
  private final SessionRecord record;
  private final SessionSetting setting;
  private volatile boolean awaitsBackend;
  private boolean told;
  private Kept.@Nullable By logged;

  Removal(Permit permit, SessionRecord record, SessionSetting setting) {
    this.permit = permit;
    this.record = record;
    this.setting = setting;
  }

  /// Whether a statement of the session still runs, more than two seconds after its termination.
  boolean awaitsBackend() {
    return awaitsBackend;
  }

  /// True when backend and role are gone, or there never were any; false if the gateway stopped
  /// before that.
  ///
  /// @param hangUp closes the connection of the backend, if it does not go at once and that has not
  ///   been done: one that is sending an error does not heed its termination until nobody is there
  ///   to take it.
  boolean remove(@Nullable SessionRole role, Runnable hangUp) {
    if (role == null) {
      return true;
    }
    long begun = setting.nanoTime().getAsLong();
    Duration pause = Duration.ofMillis(100);
    for (int tries = 1; ; tries++) {
      var kept = permit.roles().close(role);
      awaitsBackend = kept.filter(this::mayRun).isPresent();
      if (kept.isEmpty()) {
        return true;
      }
      hangUp.run();
      if (tries >= FEW_TRIES) {
        log(role, kept.get());
      }
      if (setting.nanoTime().getAsLong() - begun >= ON_RECORD_AFTER.toNanos()) {
        putOnRecord(role, kept.get());
      }
      if (setting.isStopping() && tries >= FEW_TRIES) {
        return false;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  /// What stands in the way of asking says nothing of a backend that ran before.
  private boolean mayRun(Kept kept) {
    return switch (kept.by()) {
      case BACKEND -> true;
      case DEPENDENTS -> false; // roles are dropped when their backends have gone
      case SILENCE, PRESSURE, REFUSAL -> awaitsBackend;
    };
  }

  /// Each cause as it comes, not each try.
  private void log(SessionRole role, Kept kept) {
    if (kept.by() != logged) {
      logged = kept.by();
      LOG.warn("{} is still there: {}", called(role), kept.said());
    }
  }

  private void putOnRecord(SessionRole role, Kept kept) {
    if (told) {
      return;
    }
    told = true;
    LOG.error("{} cannot be removed: {}", called(role), kept.said());
    record.removalFailed(
        permit.request(),
        "the database role %s is still there: %s".formatted(role.name(), kept.by().words()));
  }

  private String called(SessionRole role) {
    return "session %s: its database role %s".formatted(permit.session(), role.name());
  }
}
