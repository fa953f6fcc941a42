package org.openlockbox.check.catalogue;

import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RouteName;

/// One thing that a proxy asks about. Nothing of the body or the answer passes here.
///
/// @param level from which level on
/// @param query the parameters that it takes, each once
public record CheckedRoute(
    RouteName name, Method method, PathTemplate path, Level level, Set<String> query) {
  public CheckedRoute {
    query = Set.copyOf(query);
  }

  /// Whether one request could be both.
  boolean overlaps(CheckedRoute other) {
    return method == other.method && path.overlaps(other.path);
  }
}
