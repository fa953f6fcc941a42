package org.openlockbox.bench;

import java.util.Arrays;
import java.util.Map;

/// What one run of pgbench saw: transactions a second, latency in milliseconds, and the
/// milliseconds until all clients had logged in.
record Load(double perSecond, double average, double p50, double p99, double logins) {
  static Load median(Load... runs) {
    Load[] sorted = runs.clone();
    Arrays.sort(sorted, (a, b) -> Double.compare(a.perSecond, b.perSecond));
    return sorted[sorted.length / 2];
  }

  /// Parses pgbench's summary and its per-transaction log.
  static Load of(Map<String, Double> summary, double[] latencies) {
    Arrays.sort(latencies);
    return new Load(
        summary.getOrDefault("tps", 0.0),
        summary.getOrDefault("latency average", 0.0),
        at(latencies, 0.50),
        at(latencies, 0.99),
        summary.getOrDefault("logins", 0.0));
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))];
  }
}
