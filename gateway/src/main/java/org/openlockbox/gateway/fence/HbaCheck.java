package org.openlockbox.gateway.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Whether the database lets session roles in without the gateway's client certificate, where the
/// catalogue says that the gateway shows one. A password that an engineer sets for the own role is
/// then of no use without the gateway.
final class HbaCheck {
  private static final String ROLES =
      "+lb_level_metadata,+lb_level_masked,+lb_level_read,+lb_level_write";

  private HbaCheck() {}

  /// The lines that belong on top of pg_hba.conf.
  static String lines(ResourceSpec spec) {
    return """
    hostssl %s %s all scram-sha-256 clientcert=verify-ca
    host    %s %s all reject
    """
        .formatted(spec.address().database(), ROLES, spec.address().database(), ROLES);
  }

  static String comment(ResourceSpec spec) {
    return """
    -- These lines go on top of pg_hba.conf (put the gateways' addresses instead of the first "all"), with
    -- ssl_ca_file naming the authority of the gateways' certificates; then: select pg_reload_conf();
    """
        + lines(spec).lines().map(line -> "--   " + line + "\n").reduce("", String::concat);
  }

  static List<Deviation> of(Connection connection, ResourceSpec spec) throws SQLException {
    if (spec.address().shown().isEmpty()) {
      return List.of();
    }
    return Pinned.rows(
        connection,
        "hba-rules.sql",
        rows ->
            Deviation.breaks(
                "hba-open",
                "line " + rows.getInt(1),
                "Line %d of pg_hba.conf lets session roles in by %s without the gateway's certificate."
                    .formatted(rows.getInt(1), rows.getString(2)),
                "put these lines on top of pg_hba.conf and reload: "
                    + lines(spec).strip().replace("\n", " / ")));
  }
}
