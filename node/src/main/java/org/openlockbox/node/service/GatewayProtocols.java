package org.openlockbox.node.service;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.http.HttpConfig;
import org.openlockbox.http.HttpProtocol;
import org.openlockbox.postgres.PostgresConfig;
import org.openlockbox.postgres.PostgresProtocol;

/// The protocols of this node's gateway, and the newest configuration of each. What gateways
/// remember of logs on behalf of a service that speaks HTTP lies in a database of the catalogue.
final class GatewayProtocols {
  private volatile PostgresConfig postgres;
  private volatile Optional<HttpConfig> http;
  private volatile @Nullable GatewayProtocol databases;

  GatewayProtocols(GatewaySettings settings) {
    this.postgres = settings.postgres();
    this.http = settings.http(this::memory);
  }

  /// PostgreSQL comes first: its databases are the memory of the others.
  List<GatewayProtocol.Factory> factories(LiveSessions.SessionLimits limits, SecureRandom random) {
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
    return factories;
  }

  /// From their next reload on they have this one.
  void replace(PostgresConfig nextPostgres, GatewaySettings next) {
    postgres = nextPostgres;
    http = next.http(this::memory);
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
