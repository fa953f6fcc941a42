package org.openlockbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.openlockbox.core.canonical.Json;

/// Every call that openapi.json describes.
record Endpoint(String method, String path) implements Comparable<Endpoint> {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  static List<Endpoint> described() {
    try (var file = Objects.requireNonNull(Endpoint.class.getResourceAsStream("/openapi.json"))) {
      var document = (Json.Object) Json.read(file.readAllBytes());
      var found = new ArrayList<Endpoint>();
      ((Json.Object) Objects.requireNonNull(document.members().get("paths")))
          .members()
          .forEach(
              (path, item) ->
                  ((Json.Object) item)
                      .members().keySet().stream()
                          .filter(METHODS::contains)
                          .map(method -> new Endpoint(method.toUpperCase(Locale.ROOT), path))
                          .forEach(found::add));
      return found.stream().sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean writes() {
    return !method.equals("GET");
  }

  boolean names(String parameter) {
    return path.contains("{" + parameter + "}");
  }

  @Override
  public int compareTo(Endpoint other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
