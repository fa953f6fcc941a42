package org.openlockbox.http.catalogue;

import java.util.List;
import org.openlockbox.http.uri.CanonicalPath;

/// The routes of a resource. A request has at most one, and what has none is refused.
public final class RouteTable {
  private final List<HttpRoute> routes;

  /// @throws IllegalArgumentException where one request could be two of them
  public RouteTable(List<HttpRoute> routes) {
    this.routes = List.copyOf(routes);
    for (int i = 0; i < routes.size(); i++) {
      for (HttpRoute other : routes.subList(i + 1, routes.size())) {
        requireApart(routes.get(i), other);
      }
    }
  }

  private static void requireApart(HttpRoute one, HttpRoute other) {
    if (one.name().equals(other.name())) {
      throw new IllegalArgumentException("two routes are called " + one.name());
    }
    if (one.overlaps(other)) {
      throw new IllegalArgumentException(
          "one request could be %s and %s".formatted(one.name(), other.name()));
    }
  }

  /// What a request is.
  public sealed interface RouteMatch {
    record Found(HttpRoute route) implements RouteMatch {}

    /// No route has this path.
    record NoRoute() implements RouteMatch {}

    /// It is another tenant's.
    record OtherTenant() implements RouteMatch {}

    /// Routes have the path, and none of them the method.
    record NoMethod() implements RouteMatch {}
  }

  /// What this request is.
  ///
  /// @param tenant the value that stands for the session's tenant in paths
  public RouteMatch find(Method method, CanonicalPath path, String tenant) {
    RouteMatch best = new RouteMatch.NoRoute();
    for (HttpRoute each : routes) {
      switch (each.path().fit(path, tenant)) {
        case NONE -> {}
        case OTHER_TENANT ->
            best = best instanceof RouteMatch.NoRoute ? new RouteMatch.OtherTenant() : best;
        case FITS -> {
          if (each.method() == method) {
            return new RouteMatch.Found(each);
          }
          best = new RouteMatch.NoMethod();
        }
      }
    }
    return best;
  }

  public List<HttpRoute> routes() {
    return routes;
  }
}
