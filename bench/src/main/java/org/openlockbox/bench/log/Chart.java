package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lines over a logarithmic count, as an SVG for documents: readable on light and on dark.
public final class Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 320;
  private static final int LEFT = 70;
  private static final int RIGHT = 130;
  private static final int TOP = 48;
  private static final int BOTTOM = 52;
  private static final List<String> DASHES = List.of("none", "6 3", "2 3", "8 3 2 3", "1 2");

  /// A point: how many, and what was seen.
  public record Point(double x, double y) {}

  private record Line(String name, List<Point> points) {}

  private final String title;
  private final String xLabel;
  private final String unit;
  private final List<Line> lines = new ArrayList<>();

  public Chart(String title, String xLabel, String unit) {
    this.title = title;
    this.xLabel = xLabel;
    this.unit = unit;
  }

  public Chart line(String name, List<Point> points) {
    lines.add(new Line(name, points.stream().filter(p -> !Double.isNaN(p.y)).toList()));
    return this;
  }

  public void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, svg());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String svg() {
    var out = new StringBuilder();
    out.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
        <style>
        text { font: 13px sans-serif; fill: #24292f } .axis { stroke: #8c959f } .grid { stroke: #d0d7de }
        .line { fill: none; stroke-width: 2 } .s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #1a7f37 } .s3 { stroke: #8250df } .s4 { stroke: #cf222e }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .axis { stroke: #8b949e } .grid { stroke: #30363d }
        .s0 { stroke: #58a6ff } .s1 { stroke: #f0883e } .s2 { stroke: #3fb950 } .s3 { stroke: #bc8cff } .s4 { stroke: #ff7b72 } }
        </style>
        <text x="%d" y="24" font-weight="bold">%s</text>
        """
            .formatted(WIDTH, HEIGHT, title, LEFT, title));
    axes(out);
    for (int i = 0; i < lines.size(); i++) {
      draw(out, i, lines.get(i));
    }
    return out.append("</svg>\n").toString();
  }

  private void axes(StringBuilder out) {
    grid(out);
    ticks(out);
    names(out);
  }

  private void grid(StringBuilder out) {
    double top = niceTop();
    for (int i = 0; i <= 4; i++) {
      double value = top * i / 4;
      tag(
          out,
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT,
              WIDTH - RIGHT,
              y(value),
              y(value)));
      tag(
          out,
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 8,
              y(value) + 4,
              number(value)));
    }
  }

  private void ticks(StringBuilder out) {
    for (double x :
        lines.stream().flatMap(l -> l.points.stream()).map(Point::x).distinct().toList()) {
      tag(
          out,
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              x(x),
              HEIGHT - BOTTOM + 20,
              count(x)));
    }
    tag(
        out,
        String.format(
            Locale.ROOT,
            "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
            LEFT,
            WIDTH - RIGHT,
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM));
  }

  private void names(StringBuilder out) {
    tag(
        out,
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 8,
            xLabel));
    tag(
        out,
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
            LEFT - 8,
            TOP - 10,
            unit));
  }

  private void draw(StringBuilder out, int index, Line line) {
    if (line.points.isEmpty()) {
      return;
    }
    var path = new StringBuilder();
    for (var point : line.points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x), y(point.y)));
      tag(
          out,
          String.format(
              Locale.ROOT,
              "<circle class=\"line s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
              index,
              x(point.x),
              y(point.y)));
    }
    tag(
        out,
        String.format(
            Locale.ROOT,
            "<polyline class=\"line s%d\" stroke-dasharray=\"%s\" points=\"%s\"/>",
            index,
            DASHES.get(index),
            path.toString().strip()));
    var last = line.points.getLast();
    tag(
        out,
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\">%s</text>",
            x(last.x) + 8,
            y(last.y) + 4,
            line.name));
  }

  private static void tag(StringBuilder out, String tag) {
    out.append(tag).append('\n');
  }

  private double x(double value) {
    var xs =
        lines.stream().flatMap(l -> l.points.stream()).mapToDouble(Point::x).summaryStatistics();
    double span = Math.log(xs.getMax()) - Math.log(xs.getMin());
    double share = span == 0 ? 0.5 : (Math.log(value) - Math.log(xs.getMin())) / span;
    return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 40);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / niceTop() * (HEIGHT - TOP - BOTTOM);
  }

  /// The smallest of 1, 2, 4 and 8 times a power of ten above everything.
  private double niceTop() {
    double most =
        lines.stream().flatMap(l -> l.points.stream()).mapToDouble(Point::y).max().orElse(1);
    double top = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-3))));
    for (double factor : new double[] {1, 2, 4, 8}) {
      if (top * factor >= most) {
        return top * factor;
      }
    }
    return top * 10;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "%,.0f".formatted(value) : "%.2f".formatted(value);
  }

  private static String count(double value) {
    return value >= 1e6 ? "%.0f M".formatted(value / 1e6) : "%,.0f".formatted(value);
  }
}
