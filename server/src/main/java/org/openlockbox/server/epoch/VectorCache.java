package org.openlockbox.server.epoch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;

/// The heads of the epochs that were built or asked for last, so that many readers of one epoch
/// cost one build. An epoch that is not kept is built again from the changes, which hashes every
/// slot, one at a time; whoever wants one that is kept waits for no build.
///
/// What sessions depend on, the newest epoch and the newest witnessed ones, is apart from the past
/// epochs that a tenant may name: those push out and hold up only each other, and each tenant has
/// only so many built a minute.
final class VectorCache {
  static final int BUILDS = 60;

  private static final int KEPT = 4;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Map<Long, Vector> newest = new LinkedHashMap<>(KEPT * 2, 0.75f, true);
  private final Map<Long, Vector> past = new LinkedHashMap<>(KEPT * 2, 0.75f, true);
  private final ReentrantLock buildsNewest = new ReentrantLock(true);
  private final ReentrantLock buildsPast = new ReentrantLock(true);
  private final Map<TenantId, BuildBudget> spent = new HashMap<>();

  /// What was built for a tenant in the minute that ends then.
  private record BuildBudget(Instant windowEnds, int builds) {}

  VectorCache(InstantSource clock) {
    this.clock = clock;
  }

  synchronized Optional<Vector> find(long epoch) {
    var known = newest.get(epoch);
    return Optional.ofNullable(known == null ? past.get(epoch) : known);
  }

  /// Keeps the epoch that was built last.
  void keep(Vector vector) {
    keep(newest, vector);
  }

  private synchronized void keep(Map<Long, Vector> kept, Vector vector) {
    kept.put(vector.epoch(), vector);
    if (kept.size() > KEPT) {
      var eldest = kept.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /// The heads of an epoch that is the newest one under some checkpoint.
  Vector newest(long epoch, LongFunction<Vector> build) {
    return find(epoch).orElseGet(() -> built(newest, buildsNewest, epoch, build));
  }

  /// The heads of any epoch, as this tenant asks for it.
  Vector any(TenantId tenant, long epoch, LongFunction<Vector> build) {
    return find(epoch)
        .orElseGet(
            () ->
                built(
                    past,
                    buildsPast,
                    epoch,
                    wanted -> {
                      spend(tenant);
                      return build.apply(wanted);
                    }));
  }

  private Vector built(
      Map<Long, Vector> kept, ReentrantLock turn, long epoch, LongFunction<Vector> build) {
    turn.lock();
    try {
      var known = find(epoch);
      if (known.isPresent()) {
        return known.get();
      }
      var vector = build.apply(epoch);
      keep(kept, vector);
      return vector;
    } finally {
      turn.unlock();
    }
  }

  private synchronized void spend(TenantId tenant) {
    var now = clock.instant();
    var known = spent.get(tenant);
    var window =
        known == null || !now.isBefore(known.windowEnds())
            ? new BuildBudget(now.plus(WINDOW), 0)
            : known;
    if (window.builds() >= BUILDS) {
      throw Problem.tooOften("past epochs were asked for too often; try again in a minute");
    }
    spent.put(tenant, new BuildBudget(window.windowEnds(), window.builds() + 1));
  }
}
