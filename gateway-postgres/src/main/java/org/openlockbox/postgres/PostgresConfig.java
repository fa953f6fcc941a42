package org.openlockbox.postgres;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.postgres.catalogue.Catalogue;

/// What a gateway for PostgreSQL needs to know beyond what every gateway does.
///
/// @param listen where clients connect; port 0 lets the system choose
/// @param identity certificate and key for clients; there is no way to switch TLS off
/// @param databasePassword the password of the gateway's role for each resource
/// @param grammar the program that reads statements; without it no guarded session opens
/// @param logins what those may hold open who have not logged in
public record PostgresConfig(
    InetSocketAddress listen,
    TlsIdentity identity,
    Catalogue catalogue,
    Function<ResourceId, String> databasePassword,
    Optional<Path> grammar,
    LoginLimits logins) {}
