package org.openlockbox.server.request;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.statement.LimitsJson;

/// How values of the domain stand in columns: instants as timestamptz, limits as the JSON that they
/// are in entries.
public final class ColumnValues {
  private ColumnValues() {}

  public static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  static String text(Limits limits) {
    return CanonicalJson.text(LimitsJson.toJson(limits));
  }

  static Limits limits(ResultSet row, String column) throws SQLException {
    return LimitsJson.parse(CanonicalJson.parse(Bytes.ofUtf8(row.getString(column))));
  }
}
