package org.openlockbox.node.database;

import java.security.SecureRandom;
import java.util.ServiceLoader;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// What brings up a PostgreSQL where the configuration names `server.database.embedded`. A node
/// that uses a PostgreSQL of its own host needs none; the demo module provides one (ADR 48).
public interface EmbeddedDatabases {
  /// Starts the server, and makes the control plane's database unless it is there. Takes over a
  /// server that a killed node left behind.
  EmbeddedDatabase start(DatabaseSettings.Embedded where, SecureRandom random);

  /// The same for one task beside a node that may be running: its server is used and left running.
  EmbeddedDatabase attachOrStart(DatabaseSettings.Embedded where, SecureRandom random);

  /// The one on the class path. Asked only where a configuration names an embedded database.
  static EmbeddedDatabases provided() {
    return ServiceLoader.load(EmbeddedDatabases.class)
        .findFirst()
        .orElseThrow(
            () ->
                new NodeFailure(
                    Code.TOOL_MISSING,
                    "server.database.embedded needs the demo's PostgreSQL, which is not part of this"
                        + " build; name an external database (server.database.url)"));
  }
}
