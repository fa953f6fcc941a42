package org.openlockbox.postgres.schema;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;

/// A relation as the database has it. `reads` are the columns that a materialized view was computed
/// from, also through other views; `inherited` says that tables which are no partitions of it
/// inherit from it, so that no index is on all of its rows.
public record SchemaTable(
    TableName name,
    RelationKind kind,
    boolean partition,
    RowSecurity rowSecurity,
    boolean inherited,
    SortedSet<ColumnName> reads,
    List<SchemaColumn> columns) {

  /// What kind of relation it is; tables and materialized views can be behind the fence.
  public enum RelationKind {
    TABLE,
    PARTITIONED,
    VIEW,
    MATERIALIZED_VIEW,
    FOREIGN_TABLE;

    static RelationKind of(String relkind) {
      return switch (relkind) {
        case "r" -> TABLE;
        case "p" -> PARTITIONED;
        case "v" -> VIEW;
        case "m" -> MATERIALIZED_VIEW;
        default -> FOREIGN_TABLE;
      };
    }

    public boolean isTable() {
      return this == TABLE || this == PARTITIONED;
    }

    public boolean canBeFenced() {
      return isTable() || this == MATERIALIZED_VIEW;
    }

    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  public SchemaTable {
    reads = Collections.unmodifiableSortedSet(new TreeSet<>(reads));
    columns = List.copyOf(columns);
  }

  SchemaTable reading(ColumnName column) {
    var all = new TreeSet<>(reads);
    all.add(column);
    return new SchemaTable(name, kind, partition, rowSecurity, inherited, all, columns);
  }

  SchemaTable keeping(BiPredicate<TableName, String> kept) {
    List<SchemaColumn> fewer =
        columns.stream().filter(column -> kept.test(name, column.name())).toList();
    return new SchemaTable(name, kind, partition, rowSecurity, inherited, reads, fewer);
  }

  SchemaTable asItStands() {
    return new SchemaTable(
        name, kind, partition, rowSecurity.asItStands(), inherited, reads, columns);
  }

  public Optional<SchemaColumn> column(String wanted) {
    return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
  }
}
