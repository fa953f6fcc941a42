package org.openlockbox.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What one run of pgbench saw: transactions a second, latency in milliseconds, the milliseconds
/// until all clients had logged in, and the processor time that the peer's process used for
/// 100,000.
record Load(double perSecond, double average, double p50, double p99, double logins, double cpu) {
  static Load median(List<Load> runs) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(Load::perSecond))
        .skip(runs.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /// Parses pgbench's summary and its per-transaction log.
  static Load of(Map<String, Double> summary, double[] latencies, Duration used) {
    Arrays.sort(latencies);
    return new Load(
        summary.getOrDefault("tps", 0.0),
        summary.getOrDefault("latency average", 0.0),
        at(latencies, 0.50),
        at(latencies, 0.99),
        summary.getOrDefault("logins", 0.0),
        used.toMillis() * 100.0 / Math.max(1, latencies.length));
  }

  static double at(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))];
  }
}
