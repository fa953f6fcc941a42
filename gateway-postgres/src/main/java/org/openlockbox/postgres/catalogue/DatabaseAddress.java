package org.openlockbox.postgres.catalogue;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the protected database is, how its certificate is checked, and the login role that the
/// gateway has there.
///
/// `certificateAuthority`, `clientCertificate` and `minimumVersion` are absent more often than not.
public record DatabaseAddress(
    String host,
    int port,
    String database,
    TlsMode tls,
    @Nullable Path certificateAuthority,
    @Nullable ClientCertificate clientCertificate,
    String gatewayRole,
    @Nullable ServerVersion minimumVersion) {

  /// What the gateway shows the database for each session, besides the password of its role: files
  /// with the certificate and its key.
  public record ClientCertificate(Path certificate, Path key) {}

  /// How the connection to the database is protected.
  public enum TlsMode {
    /// No encryption: only for a database on the same machine.
    DISABLE,
    /// Encrypted, the certificate not checked.
    REQUIRE,
    /// Encrypted, the certificate checked against the authority and the host name.
    VERIFY_FULL;

    /// The word that the catalogue and PostgreSQL use.
    public String word() {
      return this == VERIFY_FULL ? "verify-full" : name().toLowerCase(Locale.ROOT);
    }
  }

  public DatabaseAddress {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
  }

  DatabaseAddress withDatabase(String other) {
    return new DatabaseAddress(
        host,
        port,
        other,
        tls,
        certificateAuthority,
        clientCertificate,
        gatewayRole,
        minimumVersion);
  }

  public Optional<ServerVersion> loweredFloor() {
    return Optional.ofNullable(minimumVersion);
  }

  public Optional<ClientCertificate> shown() {
    return Optional.ofNullable(clientCertificate);
  }

  public Optional<Path> authority() {
    return Optional.ofNullable(certificateAuthority);
  }
}
