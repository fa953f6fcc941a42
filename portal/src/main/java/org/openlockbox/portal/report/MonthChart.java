package org.openlockbox.portal.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A chart with a column for each month, on a field that is [#STEP] wide for each month and
/// [#HEIGHT] high. Browsers stretch the shapes; words stand beside them and are not stretched.
///
/// @param words all of it for those who do not see it
/// @param marks what stands beside the lines of the field, the highest first
/// @param series what a column is made of, from its foot on; empty for a line
public record MonthChart(
    String title,
    String words,
    List<Long> marks,
    List<ChartSeries> series,
    List<MonthColumn> columns) {
  public static final int STEP = 100;
  public static final int HEIGHT = 1000;
  private static final int MARGIN = 18;

  public MonthChart {
    marks = List.copyOf(marks);
    series = List.copyOf(series);
    columns = List.copyOf(columns);
  }

  /// What a part of each column stands for; `style` names its colour.
  public record ChartSeries(String style, String name) {}

  /// What is drawn for one month: parts of a column, or a point of the line.
  public record MonthColumn(
      ReportMonth month, List<ChartBlock> blocks, Optional<ChartPoint> point) {
    public MonthColumn {
      blocks = List.copyOf(blocks);
    }
  }

  /// A part of a column.
  public record ChartBlock(String style, int x, int y, int width, int height, String title) {}

  /// A place on the line.
  public record ChartPoint(int x, int y, String title) {}

  /// How much, and how that is said.
  record ChartValue(double amount, String said) {}

  public boolean isEmpty() {
    return columns.stream().allMatch(one -> one.blocks.isEmpty() && one.point.isEmpty());
  }

  public int width() {
    return STEP * columns.size();
  }

  /// Where the lines of the field are, from the top.
  public List<Integer> lines() {
    var lines = new ArrayList<Integer>();
    for (int line = 0; line < marks.size(); line++) {
      lines.add(line * HEIGHT / (marks.size() - 1));
    }
    return lines;
  }

  /// The line through all points; it is broken where a month has none.
  public String path() {
    var path = new StringBuilder();
    boolean broken = true;
    for (var column : columns) {
      var letter = broken ? "M" : "L";
      column.point.ifPresent(
          point -> path.append(letter).append(point.x).append(' ').append(point.y));
      broken = column.point.isEmpty();
    }
    return path.toString();
  }

  /// Columns of several parts; of each month one value for each of the series.
  static MonthChart stacked(
      String title,
      List<ChartSeries> series,
      List<ReportMonth> months,
      List<List<ChartValue>> values) {
    var scale =
        ChartScale.upTo(
            values.stream()
                .mapToDouble(month -> month.stream().mapToDouble(ChartValue::amount).sum())
                .max()
                .orElse(0));
    var columns = new ArrayList<MonthColumn>();
    for (int at = 0; at < months.size(); at++) {
      var blocks = blocks(at * STEP + MARGIN, series, months.get(at), values.get(at), scale);
      columns.add(new MonthColumn(months.get(at), blocks, Optional.empty()));
    }
    return new MonthChart(title, words(title, columns), scale.marks(), series, columns);
  }

  private static List<ChartBlock> blocks(
      int x,
      List<ChartSeries> series,
      ReportMonth month,
      List<ChartValue> values,
      ChartScale scale) {
    var blocks = new ArrayList<ChartBlock>();
    double below = 0;
    for (int n = 0; n < values.size(); n++) {
      var value = values.get(n);
      if (value.amount > 0) {
        int foot = scale.height(below, HEIGHT);
        below += value.amount;
        int top = scale.height(below, HEIGHT);
        var said = month.whole() + ": " + value.said;
        int width = STEP - 2 * MARGIN;
        int height = Math.max(1, top - foot);
        blocks.add(new ChartBlock(series.get(n).style(), x, HEIGHT - top, width, height, said));
      }
    }
    return blocks;
  }

  /// A line through one value a month; a month without one has no point.
  static MonthChart line(
      String title, List<ReportMonth> months, List<Optional<ChartValue>> values) {
    var scale =
        ChartScale.upTo(
            values.stream()
                .flatMap(Optional::stream)
                .mapToDouble(ChartValue::amount)
                .max()
                .orElse(0));
    var columns = new ArrayList<MonthColumn>();
    for (int at = 0; at < months.size(); at++) {
      var month = months.get(at);
      int x = at * STEP + STEP / 2;
      var point =
          values
              .get(at)
              .map(
                  one ->
                      new ChartPoint(
                          x,
                          HEIGHT - scale.height(one.amount, HEIGHT),
                          month.whole() + ": " + one.said));
      columns.add(new MonthColumn(month, List.of(), point));
    }
    return new MonthChart(title, words(title, columns), scale.marks(), List.of(), columns);
  }

  private static String words(String title, List<MonthColumn> columns) {
    return title
        + ". "
        + columns.stream().flatMap(MonthChart::said).collect(Collectors.joining("; "));
  }

  private static Stream<String> said(MonthColumn column) {
    return Stream.concat(
        column.blocks.stream().map(ChartBlock::title),
        column.point.map(ChartPoint::title).stream());
  }
}
