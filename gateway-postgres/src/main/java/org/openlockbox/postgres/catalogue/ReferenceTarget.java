package org.openlockbox.postgres.catalogue;

import java.util.Optional;

/// What the catalogue says of a column that may hold the keys of other rows and has no foreign key.
public sealed interface ReferenceTarget {
  /// Where it leads: a key of a listed table. At level `write` it must lead to a row of the tenant.
  ///
  /// @param empty the value besides null that leads nowhere, if the application has one
  record KeyColumn(TableName table, String column, Optional<String> empty)
      implements ReferenceTarget {
    @Override
    public String toString() {
      return table.column(column).toString();
    }
  }

  /// Nowhere, as somebody has seen: the check warns no longer, and nothing is compared.
  record Nowhere() implements ReferenceTarget {}
}
