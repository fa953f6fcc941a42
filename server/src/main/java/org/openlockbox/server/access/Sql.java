package org.openlockbox.server.access;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RowBudget;
import org.openlockbox.core.access.Tables;

/// How values of the domain stand in columns: instants as timestamptz, "no limit" and "all tables"
/// as null.
final class Sql {
  private Sql() {}

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  static @Nullable Long rows(RowBudget budget) {
    return budget.isUnlimited() ? null : budget.rows();
  }

  static RowBudget rowBudget(ResultSet row, String column) throws SQLException {
    long rows = row.getLong(column);
    return row.wasNull() ? RowBudget.UNLIMITED : new RowBudget(rows);
  }

  static String @Nullable [] names(Tables tables) {
    return tables.isAll() ? null : tables.names().toArray(String[]::new);
  }

  static Tables tables(ResultSet row, String column) throws SQLException {
    @Nullable Array names = row.getArray(column);
    return names == null ? Tables.ALL : Tables.of(List.of((String[]) names.getArray()));
  }
}
