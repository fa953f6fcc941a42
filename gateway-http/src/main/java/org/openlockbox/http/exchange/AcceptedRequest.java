package org.openlockbox.http.exchange;

import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.http.uri.CanonicalQuery;

/// A request that the catalogue lists and the level allows, as it is forwarded.
///
/// @param headers only those that pass
record AcceptedRequest(
    HttpRoute route, CanonicalPath path, CanonicalQuery query, HttpFields headers, Bytes body) {
  /// Path and query as the upstream gets them.
  String target() {
    return path.toString() + query;
  }
}
