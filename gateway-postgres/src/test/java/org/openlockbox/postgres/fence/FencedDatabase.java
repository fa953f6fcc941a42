package org.openlockbox.postgres.fence;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.testing.Majors;

/// A database of the test's own on a real server, with a catalogue of the test's own. Sessions that
/// it opens are closed by [#close].
public final class FencedDatabase implements AutoCloseable {
  private final int port;
  private final ResourceSpec spec;
  private final SessionRoles roles;
  private final AdminConnections gateway;

  /// The gateway's connection by which the fence was checked last: a pooled one, as a gateway's is.
  private @Nullable Connection checking;

  private final List<Connection> sessions = new ArrayList<>();

  /// @param schema the SQL that fills the new database
  /// @param tenant whose database it is where each tenant has one; else any tenant
  public FencedDatabase(int port, String schema, String yaml, String tenant) {
    this(port, yaml, tenant);
    String database = spec.address().database();
    run("postgres", "drop database if exists " + database + " with (force)");
    run("postgres", "create database " + database);
    asSuperuser(schema);
  }

  /// A database that is there already, whatever it holds.
  static FencedDatabase over(int port, String yaml) {
    return new FencedDatabase(port, yaml, "acme");
  }

  private FencedDatabase(int port, String yaml, String tenant) {
    this.port = port;
    this.spec =
        Catalogue.parse(
                "resources.yaml", Majors.fit(yaml).replace("${port}", Integer.toString(port)))
            .resources()
            .getFirst()
            .of(new TenantId(tenant))
            .orElseThrow();
    var boot = new GatewayBoot(new GatewayId("gw-1"), "00000000000000aa");
    this.gateway = AdminConnections.to(spec.address(), "unused", boot);
    this.roles = new SessionRoles(spec, this.gateway, boot, new SecureRandom(), System::nanoTime);
  }

  public ResourceSpec spec() {
    return spec;
  }

  /// The plan, or why there is none.
  public FencePlan planned() {
    return planned(spec);
  }

  /// The same for another catalogue.
  public FencePlan planned(ResourceSpec spec) {
    try (var connection = superuser()) {
      return FencePlan.of(spec, DatabaseSchema.read(connection, spec));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public String plan() {
    return switch (planned()) {
      case FencePlan.Applicable ready -> ready.sql();
      case FencePlan.Impossible refused -> throw new AssertionError(refused.why());
    };
  }

  /// The kinds of what keeps the plan from being written; empty if there is one.
  List<String> obstacles() {
    return switch (planned()) {
      case FencePlan.Applicable ignored -> List.of();
      case FencePlan.Impossible refused -> refused.why().stream().map(Deviation::kind).toList();
    };
  }

  public FencedDatabase applyPlan() {
    asSuperuser(plan());
    return this;
  }

  public synchronized FenceReport check() {
    try {
      if (checking == null || !checking.isValid(5)) {
        checking = gateway.dial();
      }
      return FenceCheck.report(checking, spec);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  ProtectionState state() {
    return roles.state();
  }

  SessionRoles.OpenResult role(String tenant, Level level) {
    return role(tenant, level, Tables.ALL);
  }

  private SessionRoles.OpenResult role(String tenant, Level level, Tables tables) {
    return roles.open(
        new TenantId(tenant),
        level,
        tables,
        Instant.now().plus(5, ChronoUnit.MINUTES),
        Helpdesk.session());
  }

  /// A session of this tenant, with its read-only default off: that default is no fence.
  public Connection session(String tenant, Level level) {
    return session(tenant, level, Tables.ALL);
  }

  public Connection session(String tenant, Level level, Tables tables) {
    if (!(role(tenant, level, tables)
        instanceof SessionRoles.OpenResult.RoleReady(SessionRole role))) {
      throw new AssertionError("no role for " + tenant);
    }
    var session = login(role, spec.address().database());
    Helpdesk.answer(session, "set session characteristics as transaction read write");
    return session;
  }

  public Connection login(SessionRole role, String database) {
    try {
      var session = connect(database, role.name(), "unused");
      sessions.add(session);
      return session;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Everything that a session can read of the relations that it is told of, as text.
  public static String everything(Connection session) throws SQLException {
    return everything(session, "not in ('pg_catalog', 'information_schema', 'lb_catalog')");
  }

  /// Everything that it is told in the place of PostgreSQL's catalogs, as text.
  public static String catalogs(Connection session) throws SQLException {
    return everything(session, "= 'lb_catalog'");
  }

  private static String everything(Connection session, String schemas) throws SQLException {
    var names = new ArrayList<String>();
    try (var statement = session.createStatement();
        var rows =
            statement.executeQuery(
                "select format('%I.%I', table_schema, table_name) from information_schema.tables"
                    + " where table_schema "
                    + schemas)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    var text = new StringBuilder();
    for (String name : names) {
      text.append(name)
          .append(": ")
          .append(Helpdesk.answer(session, "select string_agg(x::text, ' ') from " + name + " x"))
          .append('\n');
    }
    return text.toString();
  }

  public void asSuperuser(String sql) {
    run(spec.address().database(), sql);
  }

  public Connection superuser() throws SQLException {
    return as("postgres");
  }

  public Connection as(String role) throws SQLException {
    return connect(spec.address().database(), role, "unused");
  }

  private void run(String database, String sql) {
    try (var connection = connect(database, "postgres", "unused");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect(String database, String role, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, role, password);
  }

  @Override
  public void close() throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
    if (checking != null) {
      checking.close();
    }
    asSuperuser(
        """
        do $$ begin
          if to_regclass('lb.binding') is not null then
            perform lb.close_session(role) from lb.binding;
          end if;
        end $$
        """);
    roles.close();
  }
}
