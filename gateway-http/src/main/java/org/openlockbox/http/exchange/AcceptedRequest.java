package org.openlockbox.http.exchange;

import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.http.uri.CanonicalQuery;

/// A request that the catalogue lists and the level allows, as it is forwarded.
///
/// @param upstream the service that answers it
/// @param headers only those that pass
/// @param subprotocol what a WebSocket is to speak: one that the route lists
record AcceptedRequest(
    URI upstream,
    HttpRoute route,
    CanonicalPath path,
    CanonicalQuery query,
    HttpFields headers,
    Optional<String> subprotocol,
    ForwardedBody body) {
  /// The same with these headers as well.
  AcceptedRequest with(HttpFields more) {
    return new AcceptedRequest(
        upstream,
        route,
        path,
        query,
        HttpFields.build(headers).add(more).asImmutable(),
        subprotocol,
        body);
  }

  /// Path and query as the upstream gets them.
  String target() {
    return path.toString() + query;
  }
}
