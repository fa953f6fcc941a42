package org.openlockbox.server.log.entry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;

/// Rows turned into one array a column, as `unnest` takes them.
public final class Columns {
  private final List<List<@Nullable Object>> columns = new ArrayList<>();

  public Columns(int width) {
    for (int i = 0; i < width; i++) {
      columns.add(new ArrayList<>());
    }
  }

  public void row(@Nullable Object... values) {
    for (int i = 0; i < values.length; i++) {
      columns.get(i).add(values[i]);
    }
  }

  /// Adds one array parameter a column, of these element types.
  public void addTo(List<@Nullable Object> params, String... types) {
    for (int i = 0; i < types.length; i++) {
      var values = columns.get(i);
      // The driver takes binary arrays only as byte[][].
      Object[] array = types[i].equals("bytea") ? values.toArray(byte[][]::new) : values.toArray();
      params.add(new SqlArrayValue(types[i], array));
    }
  }
}
