package org.openlockbox.postgres.personal;

import java.util.EnumMap;
import java.util.Map;

/// How many of the sampled values of one column have each shape. No value is in it.
record ColumnShapes(int values, Map<ValueShape, Integer> counts) {
  static final ColumnShapes NONE = new ColumnShapes(0, Map.of());

  public ColumnShapes {
    counts = Map.copyOf(counts);
  }

  int count(ValueShape shape) {
    return counts.getOrDefault(shape, 0);
  }

  /// Whether at least this share of the values has it; never without a value.
  boolean areMostly(ValueShape shape, int percent) {
    return values > 0 && 100L * count(shape) >= (long) percent * values;
  }

  /// Counts shapes and forgets the values.
  static final class Counter {
    private final Map<ValueShape, Integer> counts = new EnumMap<>(ValueShape.class);
    private int values;

    void look(String value) {
      if (!value.isBlank()) {
        values++;
        ValueShape.of(value).forEach(shape -> counts.merge(shape, 1, Integer::sum));
      }
    }

    ColumnShapes shapes() {
      return new ColumnShapes(values, counts);
    }
  }
}
