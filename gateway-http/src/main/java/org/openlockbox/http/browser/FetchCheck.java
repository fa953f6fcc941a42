package org.openlockbox.http.browser;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.http.browser.SessionHosts.SessionHost;

/// Whether a browser's request was begun by a page of the same session, or by its user. Other
/// sites' pages begin nothing here, and neither do those of other sessions, which are of the same
/// site (https://www.w3.org/TR/fetch-metadata/). A worker that would answer for the service after
/// the end of the access is not fetched.
public final class FetchCheck {
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private FetchCheck() {}

  /// Whether it may go on.
  ///
  /// @param webSocket browsers tell of a WebSocket its origin, and not all of them more
  public static boolean passes(HttpFields request, SessionHost host, boolean webSocket) {
    Optional<String> origin = one(request, "origin");
    if (request.contains("origin") && !origin.equals(Optional.of(host.origin()))) {
      return false;
    }
    if (request.contains("service-worker") || isOf(request, "sec-fetch-dest", "serviceworker")) {
      return false;
    }
    Optional<String> site = one(request, "sec-fetch-site");
    boolean said = request.contains("sec-fetch-site");
    if (webSocket) {
      return origin.isPresent() && (!said || site.filter(OWN::contains).isPresent());
    }
    return site.filter(OWN::contains).isPresent();
  }

  /// Whether the user goes to a page with it.
  public static boolean isNavigation(HttpFields request) {
    return isOf(request, "sec-fetch-mode", "navigate");
  }

  private static boolean isOf(HttpFields request, String name, String value) {
    return request.getValuesList(name).contains(value);
  }

  private static Optional<String> one(HttpFields request, String name) {
    List<String> values = request.getValuesList(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }
}
