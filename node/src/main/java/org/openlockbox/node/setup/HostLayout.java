package org.openlockbox.node.setup;

import java.nio.file.Path;

/// Where everything lies on a host. Each part has a directory of its own with its secrets, so that
/// the server's user cannot read the gateway's, nor the other way round.
///
/// @param etc `/etc/lockbox`
/// @param lib `/var/lib`
record HostLayout(Path etc, Path lib) {
  static final String GATEWAY = "gw-1";

  Path server() {
    return etc.resolve("server");
  }

  Path gateway() {
    return etc.resolve("gateway");
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
