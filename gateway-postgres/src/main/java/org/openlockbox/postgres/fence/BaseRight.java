package org.openlockbox.postgres.fence;

import java.util.Comparator;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.TableName;

/// A right on a table of the application, on one of its columns, or on a sequence.
///
/// @param column empty where the right is on the whole
record BaseRight(TableName on, String column, String privilege) implements Comparable<BaseRight> {
  private static final Comparator<BaseRight> ORDER =
      Comparator.comparing(BaseRight::on)
          .thenComparing(BaseRight::column)
          .thenComparing(BaseRight::privilege);

  @Override
  public int compareTo(BaseRight other) {
    return ORDER.compare(this, other);
  }

  /// `SELECT on public.tickets (tenant_id)`.
  @Override
  public String toString() {
    return privilege + " on " + on + (column.isEmpty() ? "" : " (" + SqlName.of(column) + ")");
  }
}
