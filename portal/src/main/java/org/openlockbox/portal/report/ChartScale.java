package org.openlockbox.portal.report;

import java.util.List;
import java.util.stream.LongStream;

/// The value axis of a chart: from zero in equal steps of one, two or five, or these times a power
/// of ten, up to the first step that no value is beyond.
///
/// @param step what lies between two lines
/// @param steps how many lines stand above the one of zero
record ChartScale(long step, int steps) {
  private static final int LINES = 4;
  private static final List<Long> NICE = List.of(1L, 2L, 5L, 10L);

  /// One that has room for this value.
  static ChartScale upTo(double most) {
    double least = Math.max(1, most / LINES);
    long power = Math.round(Math.pow(10, Math.floor(Math.log10(least))));
    long step =
        NICE.stream()
            .map(nice -> nice * power)
            .filter(nice -> nice >= least)
            .findFirst()
            .orElse(1L);
    return new ChartScale(step, (int) Math.max(1, Math.ceil(most / step)));
  }

  /// What stands at each line, the highest first.
  List<Long> marks() {
    return LongStream.rangeClosed(0, steps).map(line -> (steps - line) * step).boxed().toList();
  }

  /// How high a value stands, where the whole axis is so high.
  int height(double value, int whole) {
    return (int) Math.round(value * whole / (step * steps));
  }
}
