package org.openlockbox.bench.chart;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/// One picture with a title. Colours are classes, `s0` to `s6` for the series, so that a reader's
/// dark page has its own.
final class Svg {
  static final int WIDTH = 640;

  private static final String STYLE =
      """
      <style>
      text { font: 13px sans-serif; fill: #24292f } .title { font-weight: bold } .axis { stroke: #8c959f } .grid { stroke: #d0d7de } .target { stroke: #cf222e; stroke-dasharray: 5 3 }
      .line { fill: none; stroke-width: 2 } .s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #1a7f37 } .s3 { stroke: #8250df } .s4 { stroke: #cf222e } .s5 { stroke: #6e7781 } .s6 { stroke: #9a6700 }
      rect { stroke: none } rect.s0 { fill: #0969da } rect.s1 { fill: #bc4c00 } rect.s2 { fill: #1a7f37 } rect.s3 { fill: #8250df } rect.s4 { fill: #cf222e } rect.s5 { fill: #6e7781 } rect.s6 { fill: #9a6700 }
      @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .axis { stroke: #8b949e } .grid { stroke: #30363d } .target { stroke: #ff7b72 }
      .s0 { stroke: #58a6ff } .s1 { stroke: #f0883e } .s2 { stroke: #3fb950 } .s3 { stroke: #bc8cff } .s4 { stroke: #ff7b72 } .s5 { stroke: #8b949e } .s6 { stroke: #d29922 }
      rect.s0 { fill: #58a6ff } rect.s1 { fill: #f0883e } rect.s2 { fill: #3fb950 } rect.s3 { fill: #bc8cff } rect.s4 { fill: #ff7b72 } rect.s5 { fill: #8b949e } rect.s6 { fill: #d29922 } }
      </style>
      """;

  /// How a text lies to its place.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder out = new StringBuilder();

  Svg(int height, int left, String title) {
    out.append(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
            """
                .formatted(WIDTH, height, escaped(title)))
        .append(STYLE);
    element("text", title, "x", place(left), "y", "24", "class", "title");
  }

  void line(String kind, double x1, double y1, double x2, double y2) {
    element(
        "line", "", "class", kind, "x1", place(x1), "y1", place(y1), "x2", place(x2), "y2",
        place(y2));
  }

  void text(double x, double y, Anchor anchor, String words) {
    String where = anchor.name().toLowerCase(Locale.ROOT);
    element("text", words, "x", place(x), "y", place(y), "text-anchor", where);
  }

  void dot(int series, double x, double y) {
    element("circle", "", "class", "line s" + series, "cx", place(x), "cy", place(y), "r", "2.5");
  }

  /// @param points pairs of places
  void path(int series, String dashes, double[]... points) {
    String all =
        Arrays.stream(points).map(p -> place(p[0]) + "," + place(p[1])).collect(joining(" "));
    element("polyline", "", "class", "line s" + series, "stroke-dasharray", dashes, "points", all);
  }

  void bar(int series, double x, double y, double width, double height) {
    element(
        "rect",
        "",
        "class",
        "s" + series,
        "x",
        place(x),
        "y",
        place(y),
        "width",
        place(width),
        "height",
        place(height));
  }

  /// @param attributes names and values in turn
  private void element(String name, String words, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"").append(attributes[i + 1]).append('"');
    }
    out.append('>').append(escaped(words)).append("</").append(name).append(">\n");
  }

  private static String place(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return out + "</svg>\n";
  }

  void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
