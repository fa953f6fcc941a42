package org.openlockbox.gateway;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Counts the connections that have not proven anything yet, in all and from each address. Every
/// look and step is one: no number of simultaneous arrivals gets past a limit.
final class Strangers {
  private final int most;
  private final int mostFromOne;
  private final Map<InetAddress, Integer> from = new HashMap<>();
  private int all;

  Strangers(int most, int mostFromOne) {
    this.most = most;
    this.mostFromOne = mostFromOne;
  }

  /// Counts one more; false if there are too many already.
  synchronized boolean enter(InetAddress address) {
    int ofAddress = from.getOrDefault(address, 0);
    if (all >= most || ofAddress >= mostFromOne) {
      return false;
    }
    all++;
    from.put(address, ofAddress + 1);
    return true;
  }

  /// One of those that entered has proven itself or gone.
  synchronized void leave(InetAddress address) {
    all--;
    from.computeIfPresent(address, (a, n) -> n <= 1 ? null : n - 1);
  }

  synchronized boolean isEmpty() {
    return all == 0 && from.isEmpty();
  }
}
