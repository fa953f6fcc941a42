package org.openlockbox.portal.report;

import java.time.Month;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.openlockbox.portal.edge.PageContext;

/// A month as a chart names it: short under its column, the year where one begins or the chart
/// does, and in full. `search` finds its requests in the audit log.
public record ReportMonth(String brief, Optional<String> year, String whole, String search) {
  static ReportMonth of(PageContext frame, YearMonth month, boolean first) {
    return new ReportMonth(
        written(frame, month, "LLL"),
        month.getMonth() == Month.JANUARY || (first && month.getMonth() != Month.DECEMBER)
            ? Optional.of(Integer.toString(month.getYear()))
            : Optional.empty(),
        written(frame, month, "LLL yyyy"),
        "/audit?month=" + month);
  }

  private static String written(PageContext frame, YearMonth month, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, frame.words().locale()).format(month);
  }
}
