package org.openlockbox.postgres.propose;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.SchemaTable;
import org.openlockbox.postgres.schema.SchemaTable.RelationKind;

/// What a draft is made from: the shape of a database, all of it from the catalogs. `rows` and
/// `values` (how many different ones a column has) are PostgreSQL's estimates, and `triggers` the
/// tables that set something off.
record DatabaseOutline(
    DatabaseSchema schema,
    List<DeclaredKey> keys,
    Map<TableName, Double> rows,
    Map<ColumnName, Double> values,
    List<TableName> triggers) {

  DatabaseOutline {
    keys = List.copyOf(keys);
    rows = Map.copyOf(rows);
    values = Map.copyOf(values);
    triggers = List.copyOf(triggers);
  }

  /// Reads it in one snapshot; any role that may connect can do it.
  static DatabaseOutline read(Connection connection, ResourceSpec spec) throws SQLException {
    return CatalogSnapshot.read(
        connection,
        () -> {
          var keys = new ArrayList<DeclaredKey>();
          keys.addAll(CatalogSnapshot.rows(connection, "declared-keys.sql", DatabaseOutline::key));
          var rows = new TreeMap<TableName, Double>();
          var triggers = new ArrayList<TableName>();
          for (Relation found :
              CatalogSnapshot.rows(connection, "relation-sizes.sql", Relation::of)) {
            rows.put(found.name(), found.rows());
            if (found.triggers()) {
              triggers.add(found.name());
            }
          }
          var values = new TreeMap<ColumnName, Double>();
          CatalogSnapshot.rows(connection, "distinct-values.sql", DistinctValues::of)
              .forEach(found -> values.put(found.column(), found.estimate()));
          return new DatabaseOutline(
              DatabaseSchema.readPinned(connection, spec), keys, rows, values, triggers);
        });
  }

  /// The same with keys that only the application knows.
  DatabaseOutline with(List<DeclaredKey> stated) {
    var all = new ArrayList<DeclaredKey>(keys);
    all.addAll(stated);
    return new DatabaseOutline(schema, all, rows, values, triggers);
  }

  /// The same without them.
  DatabaseOutline asDeclared() {
    return new DatabaseOutline(
        schema, keys.stream().filter(key -> !key.stated()).toList(), rows, values, triggers);
  }

  private record Relation(TableName name, double rows, boolean triggers) {
    static Relation of(ResultSet row) throws SQLException {
      return new Relation(
          tableName(row, "schema_name", "table_name"),
          row.getDouble("estimate"),
          row.getBoolean("has_triggers"));
    }
  }

  private record DistinctValues(ColumnName column, double estimate) {
    static DistinctValues of(ResultSet row) throws SQLException {
      return new DistinctValues(
          tableName(row, "schema_name", "table_name").column(row.getString("column_name")),
          row.getDouble("estimate"));
    }
  }

  private static DeclaredKey key(ResultSet row) throws SQLException {
    return new DeclaredKey(
        tableName(row, "schema_name", "table_name"),
        texts(row.getArray("columns")),
        tableName(row, "target_schema", "target_name"),
        texts(row.getArray("keys")),
        row.getBoolean("cascades"),
        false);
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static TableName tableName(ResultSet row, String schema, String table)
      throws SQLException {
    return new TableName(row.getString(schema), row.getString(table));
  }

  /// The tables that a catalogue has to decide about, in order of their names.
  List<SchemaTable> tables() {
    return schema.tables().values().stream()
        .filter(table -> table.kind().isTable() && !table.partition())
        .toList();
  }

  List<SchemaTable> relations(RelationKind kind) {
    return schema.tables().values().stream().filter(table -> table.kind() == kind).toList();
  }

  List<DeclaredKey> keysOf(TableName table) {
    return keys.stream().filter(key -> key.from().equals(table)).toList();
  }

  List<DeclaredKey> keysInto(TableName table) {
    return keys.stream().filter(key -> key.to().equals(table)).toList();
  }

  /// Whether a column holds what a declared key says.
  boolean isDeclared(TableName table, String column) {
    return keysOf(table).stream().anyMatch(key -> key.columns().contains(column));
  }

  double estimate(TableName table) {
    return rows.getOrDefault(table, 0.0);
  }

  /// How many different values a column has; 0 if PostgreSQL does not tell.
  double values(ColumnName column) {
    return values.getOrDefault(column, 0.0);
  }
}
