package org.openlockbox.server.epoch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.openlockbox.server.problem.Problem;

/// The heads of the epochs that were built or asked for last, so that many readers of one epoch
/// cost one build. An epoch that is not kept is built again from the changes, which hashes every
/// slot; any tenant may ask for one, so only so many are built a minute.
final class KeptVectors {
  static final int BUILDS = 60;

  private static final int KEPT = 4;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Map<Long, Vector> kept = new LinkedHashMap<>(KEPT * 2, 0.75f, true);
  private Instant windowEnds = Instant.MIN;
  private int built;

  KeptVectors(InstantSource clock) {
    this.clock = clock;
  }

  synchronized Optional<Vector> find(long epoch) {
    return Optional.ofNullable(kept.get(epoch));
  }

  synchronized void keep(Vector vector) {
    kept.put(vector.epoch(), vector);
    if (kept.size() > KEPT) {
      var eldest = kept.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /// The heads of this epoch; one is built at a time.
  synchronized Vector get(long epoch, LongFunction<Vector> build) {
    var known = kept.get(epoch);
    if (known != null) {
      return known;
    }
    var now = clock.instant();
    if (!now.isBefore(windowEnds)) {
      windowEnds = now.plus(WINDOW);
      built = 0;
    }
    if (built >= BUILDS) {
      throw Problem.tooOften("past epochs were asked for too often; try again in a minute");
    }
    built++;
    var vector = build.apply(epoch);
    keep(vector);
    return vector;
  }
}
