package org.openlockbox.postgres.drivers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// A program that serves one database twice: straight, and through a gateway at level `write` in an
/// expert session. Both ways log in with session roles, so what a driver's suite finds different is
/// the gateway's doing. `build/driver-suites.sh` runs the suites.
///
/// Suites make tables of their own. So session roles get here what an application's owner has
/// (`drivers/owner.sql`), and the check of the fence is told not to look at roles and rights
/// (`drivers/blind`, which stands first on the class path).
final class SuiteServer {
  private static final String DATABASE = "suite";
  private static final Duration LASTS = Duration.ofHours(4);
  private static final Path OWNER = Path.of("src/test/resources/drivers/owner.sql");

  private SuiteServer() {}

  /// Prints both ways in, a line each: name, port, database, user, password. Ends with its input.
  public static void main(String[] arguments) throws Exception {
    int port = GatewayFixture.DATABASE.port();
    execute(
        "postgres",
        """
        create role suite_owner;
        create database suite owner suite_owner;
        """);
    execute(
        DATABASE,
        """
        create extension hstore; create extension citext; create extension "uuid-ossp";
        alter schema public owner to suite_owner;
        create table fenced (id int primary key, tenant_id int not null);
        alter table fenced owner to suite_owner;
        """);
    var catalogue = catalogue(port);
    execute(DATABASE, plan(catalogue));
    execute(DATABASE, Files.readString(OWNER));
    var limits =
        new LiveSessions.SessionLimits(
            200, 200, Duration.ofSeconds(60), Duration.ofHours(1), 1L << 40);
    try (var fixture = new GatewayFixture(limits, InstantSource.system(), catalogue)) {
      var asked = fixture.asked(Level.WRITE, LASTS, Limits.WIDEST);
      fixture.tenant.approve(asked, "ann");
      var access = fixture.login(asked, LASTS);
      straight(catalogue, port);
      System.out.printf(
          "gateway %d %s %s %s%n",
          fixture.gateway.port(), DATABASE, access.user(), GatewayFixture.PASSWORD);
      while (System.in.read() >= 0) {
        // goes on until its input ends
      }
      fixture.controlPlane.reasons().stream()
          .distinct()
          .forEach(reason -> System.out.println("ended: " + reason));
    }
    System.exit(0);
  }

  private static void straight(Catalogue catalogue, int port) throws SQLException {
    var spec = catalogue.resources().getFirst();
    var gateway = new GatewayBoot(new GatewayId("straight"), "00000000000000f0");
    var roles =
        new SessionRoles(
            spec,
            AdminConnections.to(spec.address(), "unused", gateway),
            gateway,
            new SecureRandom(),
            System::nanoTime);
    var opened =
        roles.open(
            new TenantId("acme"),
            Level.WRITE,
            Tables.ALL,
            InstantSource.system().instant().plus(LASTS),
            new SessionId("S-0000000000000001"));
    switch (opened) {
      case SessionRoles.OpenResult.RoleReady(var role) -> {
        execute(DATABASE, "alter role %s connection limit -1".formatted(role.name()));
        System.out.printf(
            "direct %d %s %s %s%n",
            port, DATABASE, role.name(), GatewayFixture.DATABASE.passwordFor(role.name()));
      }
      case SessionRoles.OpenResult.NotOpened refused ->
          throw new IllegalStateException(refused.why());
    }
  }

  private static Catalogue catalogue(int port) {
    return Catalogue.parse(
        "resources.yaml",
        """
        resources:
          - id: helpdesk
            name: Suite
            postgres: {host: 127.0.0.1, port: %d, database: %s, tls: disable, minimumVersion: 18.6}
            tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
            levels: [write]
            catalogs: open
            filter: views
            unlisted: note
            extensions: [hstore, citext, uuid-ossp]
            tables: {fenced: {}}
        """
            .formatted(port, DATABASE));
  }

  private static String plan(Catalogue catalogue) throws SQLException {
    var spec = catalogue.resources().getFirst();
    try (Connection connection = superuser(DATABASE)) {
      return switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
        case FencePlan.Applicable ready -> ready.sql();
        case FencePlan.Impossible refused ->
            throw new IllegalStateException(refused.why().toString());
      };
    }
  }

  private static Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + GatewayFixture.DATABASE.port() + "/" + database,
        "postgres",
        "");
  }

  private static void execute(String database, String sql) throws SQLException {
    try (Connection connection = superuser(database);
        var statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      for (String each : database.equals("postgres") ? sql.split(";\n") : new String[] {sql}) {
        statement.execute(each);
      }
    }
  }
}
