package org.openlockbox.bench.chart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Lying bars, one a row. A bar has as many parts as there are series: each begins where the one
/// before ends. So parts of a whole are given as sums, and percentiles as they are.
public final class BarChart {
  private static final int LEFT = 180;
  private static final int RIGHT = Svg.WIDTH - 70;
  private static final int TOP = 64;
  private static final int ROW = 24;
  private static final int BAR = 14;
  private static final int LETTER = 7;

  private record Row(String name, List<Double> ends) {
    double end() {
      return ends.getLast();
    }
  }

  private final String title;
  private final String unit;
  private final List<String> series;
  private final List<Row> rows = new ArrayList<>();
  private OptionalDouble target = OptionalDouble.empty();

  /// @param series what the parts of each bar are; none if a bar is one figure
  public BarChart(String title, String unit, String... series) {
    this.title = title;
    this.unit = unit;
    this.series = List.of(series);
  }

  /// One bar below the last. What was not measured is not drawn.
  ///
  /// @param ends where each part ends, ascending
  public BarChart row(String name, double... ends) {
    if (ends.length != Math.max(1, series.size())) {
      throw new IllegalArgumentException(name + " has parts that are no series");
    }
    if (Arrays.stream(ends).allMatch(Double::isFinite)) {
      rows.add(new Row(name, Arrays.stream(ends).boxed().toList()));
    }
    return this;
  }

  /// A line that bars are not to cross.
  public BarChart target(double value) {
    target = OptionalDouble.of(value);
    return this;
  }

  public void write(Path file) {
    int bottom = TOP + rows.size() * ROW;
    var svg = new Svg(bottom + 30, 10, title);
    double most = rows.stream().mapToDouble(Row::end).max().orElse(1);
    Scale scale = Scale.over(Math.max(most, target.orElse(0)));
    legend(svg);
    axes(svg, scale, bottom);
    for (int i = 0; i < rows.size(); i++) {
      draw(svg, scale, rows.get(i), TOP + i * ROW);
    }
    target.ifPresent(at -> svg.line("target", x(scale, at), TOP - 6, x(scale, at), bottom));
    svg.write(file);
  }

  private void legend(Svg svg) {
    int x = 10;
    for (int i = 0; i < series.size(); i++) {
      svg.bar(i, x, 36, 10, 10);
      svg.text(x + 15, 45, Svg.Anchor.START, series.get(i));
      x += 15 + LETTER * series.get(i).length() + 14;
    }
  }

  private void axes(Svg svg, Scale scale, int bottom) {
    for (int i = 0; i <= Scale.STEPS; i++) {
      double x = x(scale, scale.step(i));
      svg.line(i == 0 ? "axis" : "grid", x, TOP - 6, x, bottom);
      svg.text(x, bottom + 16, Svg.Anchor.MIDDLE, Scale.words(scale.step(i)));
    }
    svg.text(LEFT - 8, bottom + 16, Svg.Anchor.END, unit);
  }

  private static void draw(Svg svg, Scale scale, Row row, int top) {
    svg.text(LEFT - 8, top + BAR - 2, Svg.Anchor.END, row.name);
    double from = 0;
    for (int i = 0; i < row.ends.size(); i++) {
      double to = row.ends.get(i);
      svg.bar(i, x(scale, from), top, x(scale, to) - x(scale, from), BAR);
      from = to;
    }
    String end =
        row.end() >= 100
            ? Scale.words(Math.rint(row.end()))
            : String.format(Locale.ROOT, "%.1f", row.end());
    svg.text(x(scale, row.end()) + 6, top + BAR - 2, Svg.Anchor.START, end);
  }

  private static double x(Scale scale, double value) {
    return LEFT + scale.share(value) * (RIGHT - LEFT);
  }
}
