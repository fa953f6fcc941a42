package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.Optional;
import org.openlockbox.gateway.admission.Permit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what a session was given out of the protected service, however long it takes. What has
/// failed for 30 seconds is put on record as `removal-failed`, once: a service that is away for
/// less, as when another takes over, alarms nobody. The session closes when it is done.
final class Removal {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
  private static final Duration ON_RECORD_AFTER = Duration.ofSeconds(30);
  private static final int FEW_TRIES = 3;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final RemovalFailure FAILED_ITSELF =
      new RemovalFailure(
          "what the session held",
          RemovalFailure.OperationState.UNKNOWN,
          "the gateway cannot ask for its removal",
          "the removal itself failed");

  private final Permit permit;
  private final SessionRecord record;
  private final SessionEnvironment setting;
  private final Traffic traffic;
  private volatile boolean stillRuns;
  private boolean told;
  private String logged = "";

  Removal(Permit permit, SessionRecord record, SessionEnvironment setting, Traffic traffic) {
    this.permit = permit;
    this.record = record;
    this.setting = setting;
    this.traffic = traffic;
  }

  /// Whether an operation of the session still runs, more than two seconds after its termination.
  boolean stillRuns() {
    return stillRuns;
  }

  /// True when nothing is left, or there never was anything; false if the gateway stopped before
  /// that. Hangs up if it does not go at once: a service that is sending something may not heed
  /// anything else until nobody is there to take it.
  boolean remove() {
    long begun = setting.nanoTime().getAsLong();
    Duration pause = Duration.ofMillis(100);
    for (int tries = 1; ; tries++) {
      Optional<RemovalFailure> left = removed();
      stillRuns = left.filter(this::mayRun).isPresent();
      if (left.isEmpty()) {
        return true;
      }
      traffic.hangUp();
      if (tries >= FEW_TRIES) {
        log(left.get());
      }
      if (setting.nanoTime().getAsLong() - begun >= ON_RECORD_AFTER.toNanos()) {
        putOnRecord(left.get());
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

  /// Whatever goes wrong in it, the removal is tried again: nobody else removes this.
  private Optional<RemovalFailure> removed() {
    try {
      return traffic.remove();
    } catch (RuntimeException | Error e) {
      return Optional.of(FAILED_ITSELF);
    }
  }

  /// What stands in the way of asking says nothing of an operation that ran before.
  private boolean mayRun(RemovalFailure left) {
    return switch (left.work()) {
      case RUNS -> true;
      case OVER -> false;
      case UNKNOWN -> stillRuns;
    };
  }

  /// Each cause as it comes, not each try.
  private void log(RemovalFailure left) {
    if (!left.words().equals(logged)) {
      logged = left.words();
      LOG.warn("session {}: {} is still there: {}", permit.session(), left.what(), left.said());
    }
  }

  private void putOnRecord(RemovalFailure left) {
    if (told) {
      return;
    }
    told = true;
    LOG.error("session {}: {} cannot be removed: {}", permit.session(), left.what(), left.said());
    record.removalFailed(
        permit.request(), "%s is still there: %s".formatted(left.what(), left.words()));
  }
}
