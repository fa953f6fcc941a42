package org.openlockbox.bench.log;

import java.util.Arrays;

/// Durations in nanoseconds, and their percentiles. Safe for use by several threads.
public final class Latencies {
  private long[] nanos = new long[1024];
  private int count;

  public synchronized void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = duration;
  }

  synchronized int count() {
    return count;
  }

  /// The smallest duration that this share of all does not exceed, in milliseconds; not a number if
  /// there are none.
  public synchronized double ms(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    var sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * count);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
