package org.openlockbox.bench.load;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What one run of pgbench saw: transactions a second, latency in milliseconds, the milliseconds
/// until all clients had logged in, how evenly the clients were served, and the processor time that
/// the peer's process used for 100,000.
///
/// @param least what the client that was served least got, as a share of the average client's
public record LoadResult(
    double perSecond,
    double average,
    double p50,
    double p99,
    double logins,
    double least,
    double cpu) {
  public static LoadResult median(List<LoadResult> runs) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(LoadResult::perSecond))
        .skip(runs.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /// How far the fastest and the slowest of these runs are apart, in percent of the median.
  public static double spread(List<LoadResult> runs) {
    var rates = runs.stream().mapToDouble(LoadResult::perSecond).summaryStatistics();
    return 100 * (rates.getMax() - rates.getMin()) / median(runs).perSecond();
  }

  /// Each figure on average of these runs.
  public static LoadResult mean(List<LoadResult> runs) {
    return new LoadResult(
        mean(runs, LoadResult::perSecond),
        mean(runs, LoadResult::average),
        mean(runs, LoadResult::p50),
        mean(runs, LoadResult::p99),
        mean(runs, LoadResult::logins),
        mean(runs, LoadResult::least),
        mean(runs, LoadResult::cpu));
  }

  private static double mean(List<LoadResult> runs, ToDoubleFunction<LoadResult> figure) {
    return runs.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  /// Parses pgbench's summary and its per-transaction log.
  static LoadResult of(Map<String, Double> summary, TransactionLog log, Duration used) {
    double[] latencies = log.latencies();
    return new LoadResult(
        summary.getOrDefault("tps", 0.0),
        summary.getOrDefault("latency average", 0.0),
        at(latencies, 0.50),
        at(latencies, 0.99),
        summary.getOrDefault("logins", 0.0),
        log.least(),
        used.toMillis() * 100.0 / Math.max(1, latencies.length));
  }

  public static double at(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))];
  }
}
