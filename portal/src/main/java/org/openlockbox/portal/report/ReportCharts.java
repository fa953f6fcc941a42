package org.openlockbox.portal.report;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.report.MonthChart.ChartSeries;
import org.openlockbox.portal.report.MonthChart.ChartValue;
import org.openlockbox.server.audit.MonthFigures;

/// Draws the months of a report, the oldest first.
final class ReportCharts {
  /// What a request came to, in the order of a column's parts.
  private static final List<String> OUTCOMES =
      List.of("asRequested", "narrowed", "automatic", "denied", "other");

  private final PageContext frame;
  private final List<MonthFigures> figures;
  private final List<ReportMonth> months;

  ReportCharts(PageContext frame, List<MonthFigures> figures) {
    this.frame = frame;
    this.figures = figures;
    this.months =
        IntStream.range(0, figures.size())
            .mapToObj(at -> ReportMonth.of(frame, figures.get(at).month(), at == 0))
            .toList();
  }

  List<ReportMonth> months() {
    return months;
  }

  MonthChart outcomes() {
    return MonthChart.stacked(
        frame.say("figures.outcomes"),
        OUTCOMES.stream()
            .map(word -> new ChartSeries("fill-" + word, frame.say("figures." + word)))
            .toList(),
        months,
        figures.stream().map(one -> outcomes(one.counts())).toList());
  }

  private List<ChartValue> outcomes(MonthFigures.OutcomeCounts of) {
    var counts =
        List.of(
            of.approved() - of.narrowed() - of.automatic(),
            of.narrowed(),
            of.automatic(),
            of.denied(),
            of.requests() - of.approved() - of.denied());
    return IntStream.range(0, OUTCOMES.size())
        .mapToObj(
            at ->
                new ChartValue(
                    counts.get(at),
                    frame.say(
                        "figures.part", counts.get(at), frame.say("figures." + OUTCOMES.get(at)))))
        .toList();
  }

  MonthChart answered() {
    var unit = unit(figures.stream().flatMap(one -> one.answered().stream()));
    return MonthChart.line(
        titled("figures.half", unit),
        months,
        figures.stream().map(one -> one.answered().map(time -> value(unit, time))).toList());
  }

  MonthChart access() {
    var unit = unit(figures.stream().map(MonthFigures::access));
    return MonthChart.stacked(
        titled("figures.access", unit),
        List.of(new ChartSeries("fill-asRequested", frame.say("figures.access"))),
        months,
        figures.stream().map(one -> List.of(value(unit, one.access()))).toList());
  }

  private static ReportUnit unit(Stream<Duration> times) {
    return ReportUnit.of(times.max(Duration::compareTo).orElse(Duration.ZERO));
  }

  private String titled(String title, ReportUnit unit) {
    return frame.say("figures.in." + unit.word(), frame.say(title));
  }

  private ChartValue value(ReportUnit unit, Duration time) {
    return new ChartValue(unit.in(time), frame.words().duration(time));
  }

  /// The figures that are said in large: of the whole time together.
  List<ReportTile> tiles() {
    long requests = figures.stream().mapToLong(one -> one.counts().requests()).sum();
    var newest = figures.reversed().stream().filter(one -> one.answered().isPresent()).findFirst();
    var access = figures.stream().map(MonthFigures::access).reduce(Duration.ZERO, Duration::plus);
    return List.of(
        new ReportTile(
            frame.say("figures.requests"),
            Long.toString(requests),
            "",
            frame.say("figures.requests.note", figures.size())),
        newest
            .map(
                one ->
                    length(
                        "figures.half",
                        one.answered().orElse(Duration.ZERO),
                        frame.say("figures.half.note", name(one))))
            .orElseGet(
                () ->
                    new ReportTile(
                        frame.say("figures.half"), "–", "", frame.say("figures.half.none"))),
        share("narrowed", requests, one -> one.narrowed()),
        share("automatic", requests, one -> one.automatic()),
        share("denied", requests, one -> one.denied()),
        length("figures.access", access, frame.say("figures.access.note")));
  }

  private ReportTile length(String name, Duration time, String note) {
    var unit = ReportUnit.of(time);
    long whole = Math.round(unit.in(time));
    boolean isLittle = whole == 0 && time.isPositive();
    return new ReportTile(
        frame.say(name),
        isLittle ? "< 1" : Long.toString(whole),
        frame.say("figures.unit." + unit.word(), isLittle ? 1 : whole),
        note);
  }

  private String name(MonthFigures one) {
    return months.get(figures.indexOf(one)).whole();
  }

  private ReportTile share(
      String word, long requests, ToLongFunction<MonthFigures.OutcomeCounts> of) {
    long some = figures.stream().map(MonthFigures::counts).mapToLong(of).sum();
    return new ReportTile(
        frame.say("figures." + word),
        requests == 0 ? "–" : Long.toString(Math.round(100.0 * some / requests)),
        requests == 0 ? "" : "%",
        frame.say("figures.share.note", some, requests));
  }
}
