package org.openlockbox.bench.log;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Which tenant an entry is for.
interface Pick {
  int tenant(RandomGenerator random);

  /// Every tenant alike.
  static Pick uniform(int tenants) {
    return random -> random.nextInt(tenants);
  }

  /// So many of the tenants alike, spread over all, and the others not at all.
  static Pick busy(int busy, int tenants) {
    int step = Math.max(1, tenants / busy);
    return random -> random.nextInt(Math.min(busy, tenants)) * step;
  }

  /// The n-th tenant n times as rarely as the first.
  static Pick zipf(int tenants) {
    var sums = new double[tenants];
    double sum = 0;
    for (int n = 0; n < tenants; n++) {
      sum += 1.0 / (n + 1);
      sums[n] = sum;
    }
    double all = sum;
    return random -> {
      int found = Arrays.binarySearch(sums, random.nextDouble() * all);
      return Math.min(tenants - 1, found < 0 ? -found - 1 : found);
    };
  }
}
