package org.openlockbox.gateway.login;

import java.util.HashMap;
import java.util.Map;

/// Counts those who are on their way in, in all and of each group. Every look and step is one: no
/// number of simultaneous arrivals gets past a limit.
///
/// @param <G> what makes a group, such as the address they come from
public final class ConnectionLimit<G> {
  private final int most;
  private final int mostOfOne;
  private final Map<G, Integer> groups = new HashMap<>();
  private int all;

  public ConnectionLimit(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /// Counts one more; false if there are too many already.
  public synchronized boolean enter(G group) {
    int ofGroup = groups.getOrDefault(group, 0);
    if (all >= most || ofGroup >= mostOfOne) {
      return false;
    }
    all++;
    groups.put(group, ofGroup + 1);
    return true;
  }

  /// One of those that entered is in, or gone.
  public synchronized void leave(G group) {
    all--;
    groups.computeIfPresent(group, (g, n) -> n <= 1 ? null : n - 1);
  }

  synchronized boolean isEmpty() {
    return all == 0 && groups.isEmpty();
  }
}
