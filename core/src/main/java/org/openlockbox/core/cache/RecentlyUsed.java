package org.openlockbox.core.cache;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map that holds at most so many entries: with one more, the entry goes that nobody has asked
/// for the longest. For one thread at a time.
public final class RecentlyUsed<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;
  private static final float USUAL_LOAD = 0.75f;

  private final int most;

  public RecentlyUsed(int most) {
    super(16, USUAL_LOAD, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
