package org.openlockbox.postgres.catalogue;

import java.util.Comparator;
import org.openlockbox.core.canonical.SqlName;

/// A column of a table of the protected database.
public record ColumnName(TableName table, String column) implements Comparable<ColumnName> {
  private static final Comparator<ColumnName> ORDER =
      Comparator.comparing(ColumnName::table).thenComparing(ColumnName::column);

  @Override
  public int compareTo(ColumnName other) {
    return ORDER.compare(this, other);
  }

  /// As messages write it: `public.tickets.tenant_id`, `public."Tenant"."tenantId"`.
  @Override
  public String toString() {
    return table + "." + SqlName.of(column);
  }
}
