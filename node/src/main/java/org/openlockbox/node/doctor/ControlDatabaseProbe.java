package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings.External;

/// The control plane's database: reached, with which version and rights, its clock, and whether a
/// commit survives the loss of its machine.
record ControlDatabaseProbe(External settings, InstantSource clock) implements Probe {
  private static final int OLDEST = 150_000;
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);
  private static final String SUBJECT = "database";
  private static final String REPLICATION = "replication";
  private static final String FACTS =
      """
      select current_setting('server_version_num')::int as number,
             current_setting('server_version') as version,
             pg_is_in_recovery() as standby,
             (select rolsuper from pg_roles where rolname = current_user) as superuser,
             has_database_privilege(current_database(), 'create') as creates,
             to_regclass('flyway_schema_history') is not null as migrated,
             clock_timestamp() as now,
             current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' as durable,
             current_setting('synchronous_standby_names') as names,
             current_setting('synchronous_commit') as mode,
             (select count(*) from pg_stat_replication) as standbys
      """;

  @Override
  public List<HostFinding> look() {
    var properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password().get());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "10");
    try (var connection = DriverManager.getConnection(settings.url(), properties)) {
      return facts(connection);
    } catch (SQLException e) {
      return List.of(
          broken(
              SUBJECT,
              "It cannot be reached: " + e.getMessage(),
              "psql '%s' as %s shows the same; look at server.database, pg_hba.conf and the network."
                  .formatted(settings.url().replaceFirst("^jdbc:", ""), settings.user())));
    }
  }

  private List<HostFinding> facts(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(FACTS);
        var row = statement.executeQuery()) {
      row.next();
      var found = new ArrayList<HostFinding>();
      found.add(version(row));
      found.add(rights(row));
      found.add(clock(row));
      found.add(replication(row));
      return found;
    }
  }

  private static HostFinding version(ResultSet row) throws SQLException {
    String version = "PostgreSQL " + row.getString("version");
    if (row.getInt("number") < OLDEST) {
      return broken(SUBJECT, version + " is too old.", "Upgrade to PostgreSQL 15 or newer.");
    }
    if (row.getBoolean("standby")) {
      return broken(
          SUBJECT,
          "This is a standby, which takes no writes.",
          "Name all servers in server.database.url, with targetServerType=primary.");
    }
    if (!row.getBoolean("durable")) {
      return broken(
          SUBJECT,
          "fsync or full_page_writes is off: a crash can lose the log.",
          "alter system reset fsync; alter system reset full_page_writes; then restart it.");
    }
    return row.getBoolean("migrated")
        ? ok(SUBJECT, version + ", with the server's tables.")
        : warning(
            SUBJECT,
            version + ", and no tables of a server yet.",
            "The server makes them when it starts first.");
  }

  private HostFinding rights(ResultSet row) throws SQLException {
    String role = settings.user();
    if (row.getBoolean("superuser")) {
      return warning(
          "database role",
          role + " is a superuser, and the server needs none.",
          "alter role \"%s\" nosuperuser, and make it the owner of its database.".formatted(role));
    }
    return row.getBoolean("creates")
        ? ok("database role", role + " may make its tables, and is no superuser.")
        : broken(
            "database role",
            role + " may not make tables, so an upgrade cannot start.",
            "alter database … owner to \"%s\"".formatted(role));
  }

  private HostFinding clock(ResultSet row) throws SQLException {
    Instant there = row.getTimestamp("now").toInstant();
    var apart = Duration.between(there, clock.instant()).abs();
    return apart.compareTo(CLOCKS_DIFFER) <= 0
        ? ok("database clock", "It agrees with this host's.")
        : broken(
            "database clock",
            "It differs from this host's by %d s.".formatted(apart.toSeconds()),
            "Let both hosts take the time from NTP.");
  }

  private static HostFinding replication(ResultSet row) throws SQLException {
    long standbys = row.getLong("standbys");
    if (row.getString("names").isEmpty()) {
      return warning(
          REPLICATION,
          "No standby confirms a commit: if this machine is lost, records are.",
          "Set synchronous_standby_names (docs/install.md, When the database fails over).");
    }
    if (standbys == 0) {
      return broken(
          REPLICATION,
          "Commits wait for a synchronous standby, and none is connected.",
          "Start the standby; patronictl list shows which.");
    }
    return row.getString("mode").equals("off")
        ? broken(REPLICATION, "synchronous_commit is off.", "alter system reset synchronous_commit")
        : ok(REPLICATION, "%d standbys are connected.".formatted(standbys));
  }
}
