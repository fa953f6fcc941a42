package org.openlockbox.postgres.fence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.testing.Answers;
import org.openlockbox.postgres.testing.HelpdeskDatabase;
import org.openlockbox.postgres.testing.Majors;

/// The demo's helpdesk on a real server, one copy of it per test class. `-Dfence.test.port=N` uses
/// a server that already runs on that port (trust, superuser postgres) instead of the embedded one.
public final class Helpdesk {
  private static final String TEMPLATE = "helpdesk_template";
  private static int port;

  private final String database;

  /// The gateway's connection by which the fence was checked last: a pooled one, as a gateway's is.
  private @Nullable Connection checking;

  private Helpdesk(String database) {
    this.database = database;
  }

  /// The port of the server.
  public static synchronized int server() {
    if (port == 0) {
      try {
        start();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return port;
  }

  /// A fresh copy without the fence. Roles belong to the whole server: whoever leaves one is found
  /// by the next class that begins, not by the one that counts them.
  public static synchronized Helpdesk bare(String name) {
    try {
      server();
      try (var connection = connect("postgres", "postgres");
          var statement = connection.createStatement()) {
        String left = "select string_agg(rolname, ',') from pg_roles where rolname ~ '^lb_s_'";
        if (!answer(connection, left).equals("null")) {
          throw new AssertionError("a test class before this one left a session's role");
        }
        statement.execute("drop database if exists " + name + " with (force)");
        statement.execute(
            "create database %s template %s strategy file_copy".formatted(name, TEMPLATE));
      }
      return new Helpdesk(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Helpdesk fenced(String name) {
    var helpdesk = bare(name);
    helpdesk.applyPlan();
    return helpdesk;
  }

  private static void start() throws SQLException {
    port = Integer.getInteger("fence.test.port", 0);
    if (port == 0) {
      try {
        port =
            Majors.chosen()
                .setServerConfig("fsync", "off")
                .setPGStartupWait(Duration.ofMinutes(2))
                .start()
                .getPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try (var connection = connect("postgres", "postgres");
        var statement = connection.createStatement()) {
      statement.execute("drop database if exists " + TEMPLATE + " with (force)");
      statement.execute("create database " + TEMPLATE);
    }
    try (var connection = connect(TEMPLATE, "postgres");
        var statement = connection.createStatement()) {
      statement.execute(text("helpdesk-schema.sql"));
      statement.execute(text("helpdesk-rows.sql"));
    }
  }

  public static String text(String file) {
    return HelpdeskDatabase.demo(file);
  }

  public ResourceSpec spec() {
    return spec("");
  }

  /// The demo's catalogue for this copy; `more` is put at its end.
  public ResourceSpec spec(String more) {
    return Catalogue.parse("resources.yaml", yaml() + more).resources().getFirst();
  }

  public String yaml() {
    return text("resources.yaml")
        .replace("${port}", Integer.toString(port))
        .replace("tls: verify-full", "tls: disable")
        .replace("ca: ${ca}", "ca: none.pem")
        .replace("database: helpdesk", "database: " + database);
  }

  public String plan() {
    return plan(spec());
  }

  public String plan(ResourceSpec spec) {
    try (var connection = superuser()) {
      return switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
        case FencePlan.Applicable ready -> ready.sql();
        case FencePlan.Impossible refused -> throw new AssertionError(refused.why());
      };
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public void applyPlan() {
    asSuperuser(plan());
  }

  public void asSuperuser(String sql) {
    try (var connection = superuser();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql.lines().findFirst().orElse("") + ": " + e, e);
    }
  }

  public Connection superuser() throws SQLException {
    return connect(database, "postgres");
  }

  public Connection as(String role) throws SQLException {
    return connect(database, role);
  }

  public Connection as(SessionRole role) throws SQLException {
    return connect(database, role.name());
  }

  public FenceReport check() {
    return check(spec());
  }

  public synchronized FenceReport check(ResourceSpec spec) {
    try {
      if (checking == null || !checking.isValid(5)) {
        var gateway = new GatewayBoot(new GatewayId("gw-1"), "0000000000000000");
        checking = AdminConnections.to(spec.address(), "unused", gateway).dial();
      }
      return FenceCheck.report(checking, spec);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public SessionRoles roles(String boot) {
    var gateway = new GatewayBoot(new GatewayId("gw-1"), boot);
    return roles(boot, AdminConnections.to(spec().address(), "unused", gateway));
  }

  public SessionRoles roles(String boot, AdminConnections connections) {
    var gateway = new GatewayBoot(new GatewayId("gw-1"), boot);
    return new SessionRoles(spec(), connections, gateway, new SecureRandom(), System::nanoTime);
  }

  public static SessionRole open(SessionRoles roles, String tenant, Level level, Tables tables) {
    Instant until = Instant.now().plus(5, ChronoUnit.MINUTES);
    var opened = roles.open(new TenantId(tenant), level, tables, until, session());
    return switch (opened) {
      case SessionRoles.OpenResult.RoleReady ready -> ready.role();
      case SessionRoles.OpenResult.NotOpened failed -> throw new AssertionError(failed.why());
    };
  }

  public static SessionId session() {
    return SessionId.random(new SecureRandom());
  }

  /// Closes what this start of the gateway left open, as its next start would.
  public void dropSessions() {
    try (var next = roles("ffffffffffffffff")) {
      if (!next.dropLeftovers().isEmpty()) {
        throw new AssertionError("session roles are left");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String answer(Connection connection, String sql) {
    return Answers.last(connection, sql);
  }

  public static Connection connect(String database, String role) throws SQLException {
    return DriverManager.getConnection(url(database), role, "unused");
  }

  public String gatewayUrl() {
    return url(database) + "?user=lockbox_gateway&password=unused";
  }

  private static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }
}
