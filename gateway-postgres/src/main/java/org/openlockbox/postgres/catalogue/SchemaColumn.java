package org.openlockbox.postgres.catalogue;

import java.util.List;
import java.util.Optional;

/// A column as the database has it. `madeFrom` are the columns that a generated column is computed
/// from, `pointsTo` what its foreign keys of one column reference, `sequence` the sequence whose
/// next value is its default, and `indexed` whether an index begins with it, or has it second.
public record SchemaColumn(
    String name,
    ColumnType type,
    boolean notNull,
    boolean generated,
    boolean identity,
    List<String> madeFrom,
    List<ColumnName> pointsTo,
    Optional<TableName> sequence,
    ColumnKey key,
    boolean indexed) {

  public SchemaColumn {
    madeFrom = List.copyOf(madeFrom);
    pointsTo = List.copyOf(pointsTo);
  }

  public boolean writable() {
    return !generated && !identity;
  }
}
