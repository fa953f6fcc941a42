package org.openlockbox.gateway.metrics;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.thread.LastingRounds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every half minute whether each protected place refuses by itself what was not granted,
/// also while nobody has a session there: so an opened fence is seen before somebody needs it.
/// Admission and open sessions look for themselves.
///
/// A crash here leaves the figures as they were last.
public final class FenceStates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FenceStates.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final Map<String, List<Protection>> places = new ConcurrentHashMap<>();
  private final Map<Protection, ProtectionState> seen = new ConcurrentHashMap<>();
  private final Thread thread =
      Thread.ofPlatform().name("fence-states").daemon().unstarted(this::run);
  private final Set<String> shown = ConcurrentHashMap.newKeySet();
  private final GatewayMeters meters;
  private volatile boolean closed;

  public FenceStates(GatewayMeters meters) {
    this.meters = meters;
  }

  /// Looks at these resources from now on, and at no others.
  public void watch(Iterable<? extends ProtectedResource> resources) {
    Set<String> now = new HashSet<>();
    resources.forEach(
        each -> {
          String id = each.id().value();
          now.add(id);
          places.put(id, List.copyOf(each.places()));
          if (shown.add(id)) {
            show(id);
          }
        });
    places.keySet().retainAll(now);
    seen.keySet().removeIf(known -> places.values().stream().noneMatch(all -> all.contains(known)));
    LockSupport.unpark(thread);
  }

  private void show(String resource) {
    for (var state : List.of("intact", "broken", "suspended", "unreachable")) {
      meters.fence(resource, state, () -> count(resource, state));
    }
  }

  private double count(String resource, String state) {
    return places.getOrDefault(resource, List.of()).stream()
        .map(seen::get)
        .filter(known -> known != null && word(known).equals(state))
        .count();
  }

  private static String word(ProtectionState state) {
    return switch (state) {
      case ProtectionState.Intact _ -> "intact";
      case ProtectionState.Broken _ -> "broken";
      case ProtectionState.Suspended _ -> "suspended";
      case ProtectionState.Unreachable _ -> "unreachable";
    };
  }

  public FenceStates start() {
    thread.start();
    return this;
  }

  private void run() {
    LastingRounds rounds = new LastingRounds(LOG, "the look at fences");
    try {
      while (!closed) {
        rounds.run(() -> places.values().forEach(all -> all.forEach(this::look)));
        LockSupport.parkNanos(this, EVERY.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Protection place) {
    if (closed) {
      return;
    }
    try {
      ProtectionState now = place.state();
      ProtectionState before = seen.put(place, now);
      if (before == null || !word(before).equals(word(now))) {
        tell(place, now);
      }
    } catch (RuntimeException | Error e) {
      LOG.warn("{}: the fence could not be looked at: {}", place.id(), e.toString());
    }
  }

  private static void tell(Protection place, ProtectionState now) {
    switch (now) {
      case ProtectionState.Intact _ -> LOG.info("{}: the fence stands", place.id());
      case ProtectionState.Broken(_, String detail) ->
          LOG.error("{}: the fence does not stand, no session opens: {}", place.id(), detail);
      case ProtectionState.Suspended(String since) ->
          LOG.warn("{}: the fence is suspended since {}, no session opens", place.id(), since);
      case ProtectionState.Unreachable(String why) ->
          LOG.warn("{}: {} cannot be asked: {}", place.id(), place.placeInWords(), why);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
