package org.openlockbox.portal.ui;

import java.util.List;
import java.util.function.Function;

/// One page of a list: its rows, in words how many the whole list has, and where it leads.
public record PagedRows<T>(List<T> rows, String count, PageLinks links) {
  public PagedRows {
    rows = List.copyOf(rows);
  }

  /// Of a list that is not shown.
  public static <T> PagedRows<T> none() {
    return new PagedRows<>(List.of(), "", PageLinks.NONE);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The same rows as something else.
  public <R> PagedRows<R> as(Function<List<T>, List<R>> made) {
    return new PagedRows<>(made.apply(rows), count, links);
  }
}
