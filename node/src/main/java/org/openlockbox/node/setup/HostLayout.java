package org.openlockbox.node.setup;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where everything lies on a host. Each part has a directory of its own with its secrets, so that
/// the server's user cannot read the gateway's, nor the other way round.
///
/// @param etc `/etc/lockbox`
/// @param lib `/var/lib`
record HostLayout(Path etc, Path lib, HostRole role) {
  static final String GATEWAY = "gw-1";

  Path server() {
    return etc.resolve("server");
  }

  /// The gateway's files. On a host that has none they wait here to be taken to the gateway's host,
  /// where they lie in `gateway`.
  Path gateway() {
    return etc.resolve(role.hasGateway() ? "gateway" : GATEWAY);
  }

  /// Whether these files were taken away already: none of them is made a second time.
  boolean isHandedOver() {
    return !role.hasGateway() && Files.exists(serverConfig()) && !Files.exists(gateway());
  }

  /// What the gateway's own `init` need not ask, among these files.
  Path handedAnswers() {
    return gateway().resolve("answers.yaml");
  }

  /// The authority's certificate, among these files.
  Path handedCa() {
    return gateway().resolve("ca.pem");
  }

  /// Keys that no service needs: they belong offline.
  Path authority() {
    return etc.resolve("authority");
  }

  Path serverConfig() {
    return etc.resolve("server.yaml");
  }

  Path gatewayConfig() {
    return etc.resolve("gateway.yaml");
  }

  Path resources() {
    return etc.resolve("resources.yaml");
  }

  /// Who signs the certificate that people's programs see.
  Path ca() {
    return etc.resolve("ca.pem");
  }

  Path serverState() {
    return lib.resolve("lockbox-server");
  }

  Path logKey() {
    return server().resolve("log.key");
  }

  Path authorityKey() {
    return authority().resolve("authority.key");
  }

  Path authorityPublic() {
    return server().resolve("authority.pub");
  }

  Path gatewayKey() {
    return gateway().resolve(GATEWAY + ".key");
  }

  Path gatewayCertificate() {
    return gateway().resolve(GATEWAY + ".cert");
  }

  Path gatewayToken() {
    return gateway().resolve(GATEWAY + ".token");
  }

  Path controlPassword() {
    return server().resolve("control.password");
  }

  /// The gateway's password in a protected database.
  Path databasePassword(String resource) {
    return gateway().resolve(resource + ".password");
  }
}
