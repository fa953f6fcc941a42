package org.openlockbox.postgres.schema;

import java.util.Locale;
import org.openlockbox.postgres.catalogue.TableName;

/// What PostgreSQL does with a new value of a column before the check of a view refuses the row.
/// How that fails may tell of rows that the session does not see.
///
/// @param column empty for code that sees all columns
record EarlyUse(String schema, String table, String column, UsedBy by) {
  enum UsedBy {
    /// A unique key or an exclusion, in which the row is entered.
    KEY,
    /// The choice of a partition.
    PARTITION,
    /// A trigger before each row whose function has rights of its own.
    TRIGGER,
    /// A rule, which acts with its owner's rights.
    RULE,
    /// A condition, computed column or index of the table that calls a function with rights of its
    /// own.
    CONDITION;

    static UsedBy of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  boolean isOf(TableName name, String wanted) {
    return schema.equals(name.schema())
        && table.equals(name.name())
        && (column.isEmpty() || column.equals(wanted));
  }
}
