package org.openlockbox.postgres.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// Row-level security of one table as the database has it.
///
/// @param enabled whether policies apply at all
/// @param ownPolicies whether the application made policies for this table
/// @param everybody whether the fence switched it on, and lets everybody but its own role pass
/// @param others the roles besides the owner that hold rights on the table, and that policies apply
///   to; `PUBLIC` for what all hold
public record RowSecurity(
    boolean enabled, boolean ownPolicies, boolean everybody, Optional<String> others) {

  static RowSecurity of(ResultSet rows) throws SQLException {
    return new RowSecurity(
        rows.getBoolean("row_security"),
        rows.getBoolean("own_policies"),
        rows.getBoolean("everybody"),
        Optional.ofNullable(rows.getString("others")));
  }

  /// Whether it is the application's: switched on by it, or with policies that it made.
  public boolean isOfApplication() {
    return ownPolicies || (enabled && !everybody);
  }
}
