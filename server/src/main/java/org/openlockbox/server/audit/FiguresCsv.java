package org.openlockbox.server.audit;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.server.audit.MonthFigures.FigureSubject;
import org.openlockbox.server.export.Csv;

/// A tenant's figures by month as CSV: one line for all requests of a month, one for each engineer
/// and one for each resource of it. `about` is empty for all.
public final class FiguresCsv {
  private static final List<String> HEAD =
      List.of(
          "month",
          "subject",
          "about",
          "requests",
          "approved",
          "automatic",
          "with_limits",
          "denied",
          "median_seconds_to_decide",
          "seconds_of_access");

  private FiguresCsv() {}

  public static Bytes of(List<MonthFigures> figures) {
    return Bytes.ofUtf8(
        Csv.row(HEAD) + figures.stream().map(FiguresCsv::line).collect(Collectors.joining()));
  }

  private static String line(MonthFigures one) {
    var counts = one.counts();
    return Csv.row(
        List.of(
            one.month().toString(),
            subject(one.dimension()),
            one.about(),
            Long.toString(counts.requests()),
            Long.toString(counts.approved()),
            Long.toString(counts.automatic()),
            Long.toString(counts.narrowed()),
            Long.toString(counts.denied()),
            one.answered().map(Duration::toSeconds).map(Object::toString).orElse(""),
            Long.toString(one.access().toSeconds())));
  }

  private static String subject(FigureSubject subject) {
    return switch (subject) {
      case ALL -> "all";
      case ENGINEER -> "engineer";
      case RESOURCE -> "resource";
    };
  }
}
