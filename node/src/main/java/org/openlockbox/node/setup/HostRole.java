package org.openlockbox.node.setup;

/// Which parts `lockbox init` makes on a host.
enum HostRole {
  /// Server and gateway.
  WHOLE,
  /// The server, and the files that another host's gateway needs of it.
  SERVER,
  /// A gateway, with what [#SERVER] made for it.
  GATEWAY;

  boolean hasServer() {
    return this != GATEWAY;
  }

  boolean hasGateway() {
    return this != SERVER;
  }
}
