package org.openlockbox.postgres.login;

import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Where a protected database listens and how its connection is encrypted: with a TLS context, and
/// whether the certificate must name the host; or not at all, for a database on the same machine.
public record DatabaseEndpoint(
    String host, int port, @Nullable SSLContext context, boolean verify) {
  public static DatabaseEndpoint unencrypted(String host, int port) {
    return new DatabaseEndpoint(host, port, null, false);
  }

  Optional<SSLContext> tls() {
    return Optional.ofNullable(context);
  }
}
