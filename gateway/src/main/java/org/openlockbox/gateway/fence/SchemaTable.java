package org.openlockbox.gateway.fence;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A relation as the database has it.
record SchemaTable(
    TableName name, Kind kind, boolean partition, boolean rowSecurity, List<SchemaColumn> columns) {

  /// What kind of relation it is; only tables can be behind the fence.
  enum Kind {
    TABLE,
    PARTITIONED,
    VIEW,
    MATERIALIZED_VIEW,
    FOREIGN_TABLE;

    static Kind of(String relkind) {
      return switch (relkind) {
        case "r" -> TABLE;
        case "p" -> PARTITIONED;
        case "v" -> VIEW;
        case "m" -> MATERIALIZED_VIEW;
        default -> FOREIGN_TABLE;
      };
    }

    boolean isTable() {
      return this == TABLE || this == PARTITIONED;
    }

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  SchemaTable {
    columns = List.copyOf(columns);
  }

  Optional<SchemaColumn> column(String wanted) {
    return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
  }
}
