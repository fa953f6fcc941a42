package org.openlockbox.cli.connect;

import java.util.Optional;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.signing.PrivateSigner;

/// What a login is asked for with.
///
/// @param path the request's own
/// @param region where the gateway shall be; the usual one if none is named
public record ConnectCall(
    Api api, String path, ApiObject request, Optional<Region> region, PrivateSigner engineer) {}
