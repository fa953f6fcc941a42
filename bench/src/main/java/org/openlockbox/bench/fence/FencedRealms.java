package org.openlockbox.bench.fence;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openlockbox.bench.log.Workplace;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.demo.postgres.EmbeddedCluster;
import org.openlockbox.node.process.Ports;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.propose.CatalogueProposal;
import org.openlockbox.postgres.propose.ProposalOptions;
import org.openlockbox.postgres.propose.ProposalResult;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// A database of an identity provider on an embedded PostgreSQL: realms are its tenants, users and
/// events carry the realm, attributes and roles of users belong to it by their user. Text keys and
/// indexes are as Keycloak has them. Tables are joined with their parents where `resource propose`
/// says so.
final class FencedRealms implements AutoCloseable {
  private static final String DATABASE = "realms";

  private static final String TABLES =
      """
      create role lockbox_gateway login password 'bench-gateway';
      create role realm_owner nologin;
      grant create on schema public to realm_owner;
      set role realm_owner;
      create table realm (id text primary key, name text not null);
      create table user_entity (
        id text primary key, realm_id text not null references realm, username text not null, email text,
        first_name text, last_name text, enabled boolean not null, created bigint not null,
        unique (realm_id, username));
      create table user_attribute (
        id text primary key, user_id text not null references user_entity, name text not null, value text);
      create table keycloak_role (id text primary key, realm_id text not null references realm, name text not null);
      create table user_role (
        user_id text not null references user_entity, role_id text not null references keycloak_role,
        primary key (user_id, role_id));
      create table event_entity (
        id text primary key, realm_id text not null references realm, event_time bigint not null, type text, user_id text);
      reset role;
      """;

  private final EmbeddedCluster postgres;
  private final int port;
  private final int tenants;

  private FencedRealms(EmbeddedCluster postgres, int port, int tenants) {
    this.postgres = postgres;
    this.port = port;
    this.tenants = tenants;
  }

  static FencedRealms start(Path directory, int tenants, long users) throws SQLException {
    int port = Ports.free();
    var settings =
        new EmbeddedCluster.ClusterSettings(
            "the benchmark's PostgreSQL", directory.resolve("db"), port, Optional.empty());
    var postgres = EmbeddedCluster.start(settings, Workplace.postgres(), new SecureRandom());
    postgres.ensureDatabase(DATABASE);
    var realms = new FencedRealms(postgres, port, tenants);
    realms.run(TABLES);
    realms.run(realms.rows(users));
    realms.run("vacuum analyze"); // so that autovacuum does not do it beside a query that is timed
    return realms;
  }

  private String rows(long users) {
    return """
    set role realm_owner;
    insert into realm select 'realm' || t, 'Realm ' || t from generate_series(0, ${tenants} - 1) t;
    insert into keycloak_role select md5('r' || t || ' ' || r), 'realm' || t, 'role' || r
      from generate_series(0, ${tenants} - 1) t, generate_series(0, 9) r;
    insert into user_entity
      select md5('u' || n), 'realm' || n % ${tenants}, 'user' || n, 'user' || n || '@example.org', 'First' || n % 1000,
             'Last' || n % 5000, true, 1700000000000 + n
        from generate_series(0::bigint, ${users} - 1) n;
    insert into user_attribute
      select md5('a' || n || k), md5('u' || n), (array['phone', 'locale', 'department'])[k + 1], 'value' || n
        from generate_series(0::bigint, ${users} - 1) n, generate_series(0, 2) k;
    insert into user_role
      select md5('u' || n), md5('r' || n % ${tenants} || ' ' || (n / ${tenants} + k) % 10)
        from generate_series(0::bigint, ${users} - 1) n, generate_series(0, 1) k;
    insert into event_entity
      select md5('e' || n || k), 'realm' || n % ${tenants}, 1700000000000 + n * 3 + k, 'LOGIN', md5('u' || n)
        from generate_series(0::bigint, ${users} - 1) n, generate_series(0, 2) k;
    create index on user_entity (realm_id, email);
    create index on user_attribute (user_id);
    create index on user_attribute (name, value);
    create index on user_role (role_id);
    create index on keycloak_role (realm_id, name);
    create index on event_entity (realm_id, event_time);
    reset role;
    """
        .replace("${tenants}", Integer.toString(tenants))
        .replace("${users}", Long.toString(users));
  }

  /// What `resource propose` says of a table in this database.
  private boolean isJoined(String table) throws SQLException {
    var options = new ProposalOptions(Optional.of("realm_id"), Optional.empty(), 0);
    try (var connection = owner()) {
      return switch (CatalogueProposal.of(
          connection, new ResourceId("realms"), address(), options)) {
        case ProposalResult.Drafted draft ->
            Catalogue.parse("resources.yaml", draft.yaml())
                .resources()
                .getFirst()
                .table(new TableName("public", table))
                .orElseThrow()
                .joinsParent();
        case ProposalResult.NotDrafted refused -> throw new IllegalStateException(refused.why());
      };
    }
  }

  private DatabaseAddress address() {
    return new DatabaseAddress(
        "127.0.0.1",
        port,
        DATABASE,
        DatabaseAddress.TlsMode.DISABLE,
        null,
        null,
        "lockbox_gateway",
        null);
  }

  private ResourceSpec spec(ResourceSpec.Filter filter) throws SQLException {
    String values =
        IntStream.range(0, tenants)
            .mapToObj(t -> "t%d: realm%d".formatted(t, t))
            .collect(Collectors.joining(", "));
    return Catalogue.parse(
            "resources.yaml",
            """
            resources:
              - id: realms
                name: Realms
                postgres: {host: 127.0.0.1, port: %d, database: %s, tls: disable}
                tenancy: {column: realm_id, values: {%s}}
                levels: [masked, read]
                filter: %s
                unlisted: note
                tables:
                  user_entity: {mask: {email: email, first_name: redact, last_name: redact}}
                  user_attribute: {tenant: user_id in (select id from user_entity), mask: {value: redact}, joinParent: %s}
                  keycloak_role: {}
                  user_role: {tenant: user_id in (select id from user_entity), joinParent: %s}
                  event_entity: {}
            """
                .formatted(
                    port,
                    DATABASE,
                    values,
                    filter.word(),
                    isJoined("user_attribute"),
                    isJoined("user_role")))
        .resources()
        .getFirst();
  }

  /// Puts up the fence with this filter, and opens a session of the first tenant at each level.
  RealmSessions fence(ResourceSpec.Filter filter) throws SQLException {
    var spec = spec(filter);
    try (var connection = owner()) {
      switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
        case FencePlan.Applicable plan -> run(plan.sql());
        case FencePlan.Impossible refused -> throw new IllegalStateException(refused.toString());
      }
    }
    run("analyze");
    var gateway = new GatewayBoot(new GatewayId("bench"), "00000000000000f0");
    var roles =
        new SessionRoles(
            spec,
            AdminConnections.to(spec.address(), "bench-gateway", gateway),
            gateway,
            new SecureRandom(),
            System::nanoTime);
    return new RealmSessions(
        roles, owner(), session(roles, Level.READ), session(roles, Level.MASKED));
  }

  private Connection session(SessionRoles roles, Level level) throws SQLException {
    var opened =
        roles.open(
            new TenantId("t0"),
            level,
            Tables.ALL,
            InstantSource.system().instant().plus(Duration.ofHours(12)),
            new SessionId(level == Level.READ ? "S-0000000000000001" : "S-0000000000000002"));
    return switch (opened) {
      case SessionRoles.OpenResult.RoleReady(var role) -> asRole(role.name());
      case SessionRoles.OpenResult.NotOpened refused ->
          throw new IllegalStateException(refused.why());
    };
  }

  /// With a password, which only a superuser can give it: it has keys that its gateway alone knows.
  private Connection asRole(String role) throws SQLException {
    try (var owner = owner();
        var statement = owner.createStatement()) {
      statement.execute("alter role %s password 'given'".formatted(role));
    }
    return connect(role, "given");
  }

  private Connection owner() throws SQLException {
    return connect(postgres.superuser(), postgres.password());
  }

  private Connection connect(String user, String password) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(DATABASE) + "?preferQueryMode=simple", user, password);
  }

  private void run(String sql) throws SQLException {
    try (var connection = owner();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    postgres.close();
  }
}
