package org.openlockbox.portal.audit;

import java.util.HashMap;
import java.util.Map;
import org.openlockbox.server.problem.Problem;

/// How many may watch at once: so many pages of one person, and so many of all on this server.
/// Nobody holds a server up by watching.
final class ViewerLimit {
  private static final int OF_ONE = 4;
  private static final int OF_ALL = 200;

  private final Map<Long, Integer> taken = new HashMap<>();
  private int all;

  /// A place to watch from, until it is closed.
  interface ViewerSlot extends AutoCloseable {
    @Override
    void close();
  }

  synchronized ViewerSlot take(long person) {
    int own = taken.getOrDefault(person, 0);
    if (own >= OF_ONE || all >= OF_ALL) {
      throw Problem.tooOften("too many pages watch at once; close one, or reload this one");
    }
    taken.put(person, own + 1);
    all++;
    return () -> leave(person);
  }

  private synchronized void leave(long person) {
    all--;
    taken.computeIfPresent(person, (_, own) -> own > 1 ? own - 1 : null);
  }
}
