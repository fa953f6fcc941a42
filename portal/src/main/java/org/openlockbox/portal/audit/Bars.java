package org.openlockbox.portal.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A drawing of one bar for each month, on a field of [#WIDTH] by [#HEIGHT]. The numbers stand in a
/// table beside it as well.
///
/// @param most what the highest bar stands for
/// @param any whether there is anything to draw, be it less than one
public record Bars(String title, List<MonthBar> bars, long most, boolean any) {
  public static final int WIDTH = 600;
  public static final int HEIGHT = 120;

  public Bars {
    bars = List.copyOf(bars);
  }

  /// The same in words.
  public String words() {
    return bars.stream().map(bar -> bar.name + " " + bar.value).collect(Collectors.joining(", "));
  }

  /// A bar, its name and what it stands for.
  public record MonthBar(String name, long value, int x, int width, int height) {
    public int y() {
      return HEIGHT - height;
    }
  }

  static Bars of(String title, List<String> names, List<Long> values, boolean any) {
    long most = values.stream().max(Long::compare).orElse(0L);
    int step = WIDTH / Math.max(1, values.size());
    var bars = new ArrayList<MonthBar>();
    for (int n = 0; n < values.size(); n++) {
      long value = values.get(n);
      int height = most == 0 ? 0 : (int) Math.round((double) value * HEIGHT / most);
      bars.add(new MonthBar(names.get(n), value, n * step + 2, step - 4, height));
    }
    return new Bars(title, bars, most, any);
  }
}
