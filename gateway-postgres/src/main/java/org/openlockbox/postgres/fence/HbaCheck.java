package org.openlockbox.postgres.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.schema.CatalogSnapshot;

/// Whether pg_hba.conf lets session roles in from where the gateway is; and whether it does so
/// without the gateway's client certificate, where the catalogue says that the gateway shows one. A
/// password that an engineer sets for the own role is then of no use without the gateway.
final class HbaCheck {
  private static final String ROLES =
      "+lb_level_metadata,+lb_level_masked,+lb_level_read,+lb_level_write";

  private static final Set<String> OWN_MACHINE = Set.of("127.0.0.1", "::1", "localhost");

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
    var found = new ArrayList<Deviation>();
    if (spec.address().shown().isPresent()) {
      found.addAll(open(connection, spec));
    } else if (!OWN_MACHINE.contains(spec.address().host())) {
      found.add(passwordAlone(spec));
    }
    boolean readable =
        CatalogSnapshot.rows(connection, "hba-readable.sql", rows -> rows.getBoolean(1)).getFirst();
    found.addAll(readable ? shut(connection, spec) : List.of(unread(spec)));
    return found;
  }

  private static Deviation passwordAlone(ResourceSpec spec) {
    return Deviation.warning(
        "hba-password",
        spec.address().database(),
        "A session's password alone opens %s on %s and on its standbys, from wherever pg_hba.conf allows."
            .formatted(spec.address().database(), spec.address().host()),
        "give the gateways a certificate (postgres.clientCertificate), which pg_hba.conf then"
            + " demands of session roles.");
  }

  private static List<Deviation> open(Connection connection, ResourceSpec spec)
      throws SQLException {
    return CatalogSnapshot.rows(
        connection,
        "hba-rules.sql",
        rows ->
            Deviation.breaks(
                "hba-open",
                "line " + rows.getInt(1),
                "Line %d of pg_hba.conf lets session roles in by %s without the gateway's certificate."
                    .formatted(rows.getInt(1), rows.getString(2)),
                onTop(spec)));
  }

  private static String onTop(ResourceSpec spec) {
    return "put these lines on top of pg_hba.conf and reload: "
        + lines(spec).strip().replace("\n", " / ");
  }

  private static List<Deviation> shut(Connection connection, ResourceSpec spec)
      throws SQLException {
    boolean encrypted = spec.address().tls() != DatabaseAddress.TlsMode.DISABLE;
    String type = encrypted ? "hostssl" : "host";
    return CatalogSnapshot.rows(
        connection,
        "hba-shut.sql",
        rows ->
            Deviation.warning(
                "hba-shut",
                spec.address().database(),
                "No line of pg_hba.conf lets session roles in from %s with scram-sha-256: each login will fail."
                    .formatted(rows.getString(1)),
                spec.address().shown().isPresent()
                    ? onTop(spec)
                    : "add a line that names no role of its own and reload: %s %s all %s scram-sha-256"
                        .formatted(type, spec.address().database(), rows.getString(2))),
        encrypted ? "hostssl" : "hostnossl");
  }

  private static Deviation unread(ResourceSpec spec) {
    return Deviation.note(
        "hba-unread",
        spec.address().database(),
        "Nobody has looked whether pg_hba.conf lets session roles in: the gateway's role may not read it.",
        "look yourself, or: grant select on pg_hba_file_rules to %1$s; grant execute on function pg_hba_file_rules() to %1$s;"
            .formatted(SqlQuoting.name(spec.address().gatewayRole())));
  }
}
