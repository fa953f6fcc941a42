package org.openlockbox.bench.chart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Lines over a logarithmic count.
public final class LineChart {
  private static final int HEIGHT = 320;
  private static final int LEFT = 70;
  private static final int RIGHT = Svg.WIDTH - 130;
  private static final int TOP = 48;
  private static final int BOTTOM = HEIGHT - 52;
  private static final int MARGIN = 20;
  private static final int LINE_HEIGHT = 14;
  private static final List<String> DASHES =
      List.of("none", "6 3", "2 3", "8 3 2 3", "1 2", "10 4", "4 2 1 2");

  /// A point: how many, and what was seen.
  public record Point(double x, double y) {}

  private record Line(String name, List<Point> points) {}

  private final String title;
  private final String xLabel;
  private final String unit;
  private final List<Line> lines = new ArrayList<>();

  public LineChart(String title, String xLabel, String unit) {
    this.title = title;
    this.xLabel = xLabel;
    this.unit = unit;
  }

  public LineChart line(String name, List<Point> points) {
    lines.add(new Line(name, points.stream().filter(p -> !Double.isNaN(p.y)).toList()));
    return this;
  }

  public void write(Path file) {
    var svg = new Svg(HEIGHT, LEFT, title);
    Scale scale = Scale.over(points().mapToDouble(Point::y).max().orElse(1));
    axes(svg, scale);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, scale, i, lines.get(i).points);
    }
    names(svg, scale);
    svg.write(file);
  }

  private Stream<Point> points() {
    return lines.stream().flatMap(line -> line.points.stream());
  }

  private void axes(Svg svg, Scale scale) {
    for (int i = 0; i <= Scale.STEPS; i++) {
      double y = y(scale, scale.step(i));
      svg.line("grid", LEFT, y, RIGHT, y);
      svg.text(LEFT - 8, y + 4, Svg.Anchor.END, Scale.words(scale.step(i)));
    }
    svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM);
    points()
        .map(Point::x)
        .distinct()
        .forEach(x -> svg.text(x(x), BOTTOM + 20, Svg.Anchor.MIDDLE, count(x)));
    svg.text((LEFT + RIGHT) / 2.0, HEIGHT - 8, Svg.Anchor.MIDDLE, xLabel);
    svg.text(LEFT - 8, TOP - 10, Svg.Anchor.END, unit);
  }

  private void draw(Svg svg, Scale scale, int series, List<Point> points) {
    if (points.isEmpty()) {
      return;
    }
    var path =
        points.stream()
            .map(point -> new double[] {x(point.x), y(scale, point.y)})
            .toArray(double[][]::new);
    for (var place : path) {
      svg.dot(series, place[0], place[1]);
    }
    svg.path(series, DASHES.get(series), path);
  }

  /// Each line's name beside its last point, or as near below the name above as it can be read.
  private void names(Svg svg, Scale scale) {
    double free = 0;
    for (var line :
        lines.stream()
            .filter(line -> !line.points.isEmpty())
            .sorted((a, b) -> Double.compare(b.points.getLast().y, a.points.getLast().y))
            .toList()) {
      var last = line.points.getLast();
      double y = Math.max(free, y(scale, last.y) + 4);
      svg.text(x(last.x) + 8, y, Svg.Anchor.START, line.name);
      free = y + LINE_HEIGHT;
    }
  }

  private double x(double value) {
    var xs = points().mapToDouble(Point::x).summaryStatistics();
    double span = Math.log(xs.getMax()) - Math.log(xs.getMin());
    double share = span == 0 ? 0.5 : (Math.log(value) - Math.log(xs.getMin())) / span;
    return LEFT + MARGIN + share * (RIGHT - LEFT - 2 * MARGIN);
  }

  private static double y(Scale scale, double value) {
    return BOTTOM - scale.share(value) * (BOTTOM - TOP);
  }

  private static String count(double value) {
    return value >= 1e6 ? "%.0f M".formatted(value / 1e6) : Scale.words(value);
  }
}
