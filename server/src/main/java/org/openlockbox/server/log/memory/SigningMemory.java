package org.openlockbox.server.log.memory;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// Where a server remembers what it signed: the heads of logs, and what the gateway authority
/// signed. A restore of the control plane's database does not reach it.
public sealed interface SigningMemory {
  /// A directory of one server alone.
  record Directory(Path path) implements SigningMemory {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// One that all servers of a control plane share.
  sealed interface SharedPlace extends SigningMemory {}

  /// Two tables of a database in another PostgreSQL than the control plane's.
  record Table(String jdbcUrl, String user, Supplier<String> password) implements SharedPlace {
    @Override
    public String toString() {
      return "%s as %s".formatted(jdbcUrl, user);
    }
  }

  /// Objects of a bucket whose keys begin with a prefix.
  ///
  /// @param ca authorities of the store's certificate; empty for those of the JDK
  record ObjectBucket(
      URI endpoint, String name, String prefix, BucketAccess access, Optional<Path> ca)
      implements SharedPlace {
    @Override
    public String toString() {
      return "%s/%s/%s".formatted(endpoint, name, prefix);
    }
  }

  /// Who a server is at the store.
  record BucketAccess(String region, Supplier<String> accessKey, Supplier<String> secretKey) {
    @Override
    public String toString() {
      return "BucketAccess[" + region + "]";
    }
  }
}
