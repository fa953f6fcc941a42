package org.openlockbox.bench.chart;

import java.util.Locale;

/// An axis from zero to a round number above everything that is drawn.
record Scale(double top) {
  static final int STEPS = 4;

  private static final double[] ROUND = {1, 1.2, 1.6, 2, 3, 4, 6, 8};

  /// Up to the smallest of these times a power of ten that is not exceeded.
  static Scale over(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-3))));
    for (double factor : ROUND) {
      if (power * factor >= most) {
        return new Scale(power * factor);
      }
    }
    return new Scale(power * 10);
  }

  double step(int number) {
    return top * number / STEPS;
  }

  double share(double value) {
    return value / top;
  }

  static String words(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%.2f", value);
  }
}
