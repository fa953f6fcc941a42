package org.openlockbox.postgres.personal;

import java.sql.SQLException;
import java.util.Map;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.schema.SchemaTable;

/// What a look into some rows says of them. Every answer is a count, so that no value can leave.
public interface Samples {
  /// How many different values of a column were looked for in another, and how many are there.
  record Containment(int values, int found) {
    static final Containment UNKNOWN = new Containment(0, 0);

    public boolean isKnown() {
      return values > 0;
    }

    public boolean isWhole() {
      return values > 0 && found == values;
    }
  }

  /// The shapes of the text columns, by column.
  Map<String, ColumnShapes> shapes(SchemaTable table) throws SQLException;

  /// Whether the values of a column stand in a key.
  Containment containment(ColumnPlace from, ColumnPlace key) throws SQLException;

  /// The same for the rows in which another column of their table has this value.
  Containment containment(ColumnPlace from, ColumnPlace key, SchemaColumn beside, String value)
      throws SQLException;

  /// Whether what the tenant is read out of stands, as a text, in a column that holds tenants.
  Containment containment(TableName from, RowScope.ByExpression tenant, ColumnPlace column)
      throws SQLException;

  /// How many values of `link` stand in rows of more than one tenant.
  int crossing(TableName table, String tenant, String link) throws SQLException;

  /// The tables that could not be read, each with the reason.
  Map<TableName, String> unread();

  /// Looks at no row.
  Samples NONE =
      new Samples() {
        @Override
        public Map<String, ColumnShapes> shapes(SchemaTable table) {
          return Map.of();
        }

        @Override
        public Containment containment(ColumnPlace from, ColumnPlace key) {
          return Containment.UNKNOWN;
        }

        @Override
        public Containment containment(
            ColumnPlace from, ColumnPlace key, SchemaColumn beside, String value) {
          return Containment.UNKNOWN;
        }

        @Override
        public Containment containment(
            TableName from, RowScope.ByExpression tenant, ColumnPlace column) {
          return Containment.UNKNOWN;
        }

        @Override
        public int crossing(TableName table, String tenant, String link) {
          return 0;
        }

        @Override
        public Map<TableName, String> unread() {
          return Map.of();
        }
      };
}
