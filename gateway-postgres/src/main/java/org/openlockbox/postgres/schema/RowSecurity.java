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
/// @param standing whether a fence that stands is looked at, and none is planned
public record RowSecurity(
    boolean enabled,
    boolean ownPolicies,
    boolean everybody,
    Optional<String> others,
    boolean standing) {

  static RowSecurity of(ResultSet rows) throws SQLException {
    return new RowSecurity(
        rows.getBoolean("row_security"),
        rows.getBoolean("own_policies"),
        rows.getBoolean("everybody"),
        Optional.ofNullable(rows.getString("others")),
        false);
  }

  /// Whether it is the application's: switched on by it, or with policies that it made.
  public boolean isOfApplication() {
    return ownPolicies || (enabled && !everybody);
  }

  RowSecurity asItStands() {
    return new RowSecurity(enabled, ownPolicies, everybody, others, true);
  }

  /// Where the catalogue leaves it to the plan, whether policies filter the table. A right that
  /// somebody got or lost since changes nothing before the plan is applied again.
  public boolean suitsPolicies() {
    return standing ? everybody : others.isEmpty();
  }
}
