package org.openlockbox.http.catalogue;

import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;

/// One thing that engineers may do at a resource.
///
/// @param level from which level on
/// @param query the parameters that it takes
/// @param body empty where it takes none
public record HttpRoute(
    RouteName name,
    Method method,
    PathTemplate path,
    Level level,
    Set<String> query,
    Optional<BodyRule> body) {
  public HttpRoute {
    query = Set.copyOf(query);
    if (body.isPresent() && method.isSafe()) {
      throw new IllegalArgumentException(name + ": " + method + " takes no body");
    }
  }

  /// Whether one request could be both.
  boolean overlaps(HttpRoute other) {
    return method == other.method && path.overlaps(other.path);
  }
}
