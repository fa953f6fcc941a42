package org.openlockbox.core.operation;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// What the gateway read off an HTTP request.
///
/// @param method the request's method, or [#OTHER] for one that is not listed
/// @param route the name of the route in the resource's catalogue; absent where none fits
public record HttpFacts(String method, Optional<String> route) implements OperationFacts {
  /// Any method that is not listed.
  public static final String OTHER = "OTHER";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", OTHER);
  private static final Pattern ROUTE = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+){0,7}");
  private static final int LONGEST_ROUTE = 64;

  public HttpFacts {
    if (!METHODS.contains(method)) {
      throw new MalformedJson("not a method of HTTP: " + method);
    }
    route.ifPresent(HttpFacts::requireRoute);
  }

  private static void requireRoute(String name) {
    if (name.length() > LONGEST_ROUTE || !ROUTE.matcher(name).matches()) {
      throw new MalformedJson("not a name of a route: " + name);
    }
  }

  @Override
  public Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  public String line() {
    return method + " " + route.orElse("no route");
  }

  @Override
  public boolean isUnknown() {
    return route.isEmpty();
  }

  @Override
  public String member() {
    return "http";
  }

  static HttpFacts parse(Fields facts) {
    return new HttpFacts(facts.text("method"), facts.optionalText("route"));
  }

  @Override
  public Json.Object toJson() {
    return Json.object().put("method", method).putIfPresent("route", route).build();
  }
}
