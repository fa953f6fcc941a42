package org.openlockbox.portal.report;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.openlockbox.server.audit.MonthFigures;

/// What one engineer, or one resource, had of all access. `width` is of a hundred; `search` finds
/// the requests in the audit log.
public record ReportShare(String name, String search, long requests, Duration access, long width) {
  private static final int MOST = 20;

  /// Those of these figures that are about one thing each, the longest access first.
  static List<ReportShare> of(
      List<MonthFigures> figures, UnaryOperator<String> name, UnaryOperator<String> search) {
    var by = figures.stream().collect(Collectors.groupingBy(MonthFigures::about));
    long most = by.values().stream().mapToLong(ReportShare::seconds).max().orElse(0);
    return by.entrySet().stream()
        .map(
            one -> {
              long seconds = seconds(one.getValue());
              return new ReportShare(
                  name.apply(one.getKey()),
                  search.apply(one.getKey()),
                  one.getValue().stream().mapToLong(of -> of.counts().requests()).sum(),
                  Duration.ofSeconds(seconds),
                  most == 0 ? 0 : seconds * 100 / most);
            })
        .sorted(
            Comparator.comparing(ReportShare::access)
                .thenComparingLong(ReportShare::requests)
                .reversed()
                .thenComparing(ReportShare::name))
        .limit(MOST)
        .toList();
  }

  private static long seconds(List<MonthFigures> figures) {
    return figures.stream().mapToLong(one -> one.access().toSeconds()).sum();
  }
}
