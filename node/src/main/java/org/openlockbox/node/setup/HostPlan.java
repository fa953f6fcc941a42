package org.openlockbox.node.setup;

import static java.util.Comparator.comparing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.core.tenant.TenantId;

/// What `lockbox init` makes, decided and checked before the first file is written.
///
/// @param serverUrl what people and gateways type
/// @param gateway where the gateway listens, under the name that people type where it is known
/// @param server what the server needs, if this host has one
/// @param guarded what the gateway protects, if this host has one
/// @param admin a superuser of the database servers
record HostPlan(
    URI serverUrl,
    GatewayAddress gateway,
    ResourceId resource,
    Optional<ServerPlan> server,
    Optional<GuardedDatabase> guarded,
    Optional<String> admin,
    Optional<GivenCertificate> certificate,
    HostLayout layout) {
  /// A PostgreSQL server, or another one.
  record ServerAddress(String host, int port) {
    boolean isHere() {
      return host.equals("localhost") || host.equals("127.0.0.1");
    }
  }

  /// Where engineers' programs connect. A host that has no server need not know its own name.
  record GatewayAddress(Optional<String> name, int port) {}

  /// The server of this host, and who may use it at first.
  record ServerPlan(
      String host,
      int port,
      String provider,
      LogHost logHost,
      ServerAddress control,
      FirstProfiles people,
      Optional<MailPlan> mail) {}

  /// The database that the gateway of this host protects.
  record GuardedDatabase(
      ServerAddress server,
      String database,
      Optional<String> tenantColumn,
      Map<TenantId, String> tenants) {
    GuardedDatabase {
      tenants = Map.copyOf(tenants);
    }

    /// One of them, the same each time.
    TenantId firstTenant() {
      return tenants.keySet().stream().min(comparing(TenantId::value)).orElseThrow();
    }
  }

  /// Somebody who gets a token and a profile.
  record FirstPerson(SubjectId id, String name) {}

  record FirstProfiles(FirstPerson operator, FirstPerson engineer) {}

  record MailPlan(ServerAddress server, String from) {}

  /// One that was not made here. On a gateway's own host the authority is known already.
  ///
  /// @param renewedIn where an ACME client renews it, if one does
  record GivenCertificate(
      Path certificate, Path key, Optional<Path> authority, Optional<Path> renewedIn) {
    /// As ACME clients lay it out.
    static GivenCertificate renewed(Path directory, Optional<Path> authority) {
      return new GivenCertificate(
          directory.resolve("fullchain.pem"),
          directory.resolve("privkey.pem"),
          authority,
          Optional.of(directory));
    }
  }

  /// Which parts are made.
  HostRole role() {
    return layout.role();
  }
}
