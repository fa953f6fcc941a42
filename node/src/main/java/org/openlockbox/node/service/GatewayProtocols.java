package org.openlockbox.node.service;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.check.CheckConfig;
import org.openlockbox.check.CheckProtocol;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.http.HttpConfig;
import org.openlockbox.http.HttpProtocol;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.PostgresConfig;
import org.openlockbox.postgres.PostgresProtocol;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;

/// The protocols of this node's gateway, and the newest configuration of each. What gateways
/// remember of logs on behalf of a service lies in a database of the catalogue.
public final class GatewayProtocols {
  private static final GatewayBoot RELOAD =
      new GatewayBoot(new GatewayId("reload"), "0".repeat(16));

  private final InstantSource clock;
  private volatile PostgresConfig postgres;
  private volatile Optional<HttpConfig> http;
  private volatile Optional<CheckConfig> checks;
  private volatile @Nullable GatewayProtocol databases;

  public GatewayProtocols(GatewaySettings settings, InstantSource clock) {
    this.clock = clock;
    this.postgres = settings.postgres();
    this.http = settings.http(this::memory, clock);
    this.checks = settings.checks(this::memory);
  }

  /// PostgreSQL comes first: its databases are the memory of the others.
  public List<GatewayProtocol.Factory> factories(
      LiveSessions.SessionLimits limits, SecureRandom random) {
    var ofDatabases = PostgresProtocol.of(() -> postgres, limits, random);
    List<GatewayProtocol.Factory> factories = new ArrayList<>();
    factories.add(
        (identity, nanoTime) -> {
          GatewayProtocol made = ofDatabases.create(identity, nanoTime);
          databases = made;
          return made;
        });
    if (http.isPresent()) {
      factories.add(HttpProtocol.of(() -> http.orElseThrow()));
    }
    if (checks.isPresent()) {
      factories.add(CheckProtocol.of(() -> checks.orElseThrow()));
    }
    return factories;
  }

  /// Fails where a database does not take a password that is another one than that in force.
  void requirePasswords(PostgresConfig next) {
    for (ResourceSpec before : postgres.catalogue().resources()) {
      next.catalogue().resources().stream()
          .filter(spec -> spec.id().equals(before.id()))
          .filter(spec -> !password(next, spec).equals(password(postgres, spec)))
          .forEach(spec -> requirePassword(spec, password(next, spec)));
    }
  }

  private static String password(PostgresConfig config, ResourceSpec spec) {
    return config.databasePassword().apply(spec.id());
  }

  private static void requirePassword(ResourceSpec spec, String password) {
    var connections = AdminConnections.to(spec.address(), password, RELOAD);
    try (var _ = connections.dial()) {
      // it let the gateway's role in
    } catch (SQLException e) {
      throw new NodeFailure(
          Code.FAILURE,
          "gateway.databasePasswords.%s: the database at %s:%d cannot be used with it: %s"
              .formatted(spec.id(), spec.address().host(), spec.address().port(), e.getMessage()),
          e);
    }
  }

  /// From their next reload on they have this one.
  void replace(PostgresConfig nextPostgres, GatewaySettings next) {
    postgres = nextPostgres;
    http = next.http(this::memory, clock);
    checks = next.checks(this::memory);
  }

  /// That of a database whose tenants share one place, as the configuration was checked to name.
  private LogMemory memory(ResourceId database) {
    return new BorrowedMemory(() -> found(database));
  }

  private LogMemory found(ResourceId database) {
    GatewayProtocol made = databases;
    if (made == null) {
      throw new IllegalStateException("the databases come first");
    }
    return made.resources().stream()
        .filter(resource -> resource.id().equals(database))
        .flatMap(resource -> resource.places().stream())
        .<LogMemory>map(Protection::memory)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no database is called " + database));
  }
}
