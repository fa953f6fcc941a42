package org.openlockbox.http.openapi;

import java.util.Collection;
import java.util.stream.Collectors;
import org.openlockbox.http.openapi.OpenApiImport.DraftedRoute;
import org.openlockbox.http.openapi.OpenApiImport.RouteDraft;

/// Writes drafted routes as they stand in `resources.yaml`, below the other keys of a resource.
public final class RouteDraftText {
  private RouteDraftText() {}

  /// Lines that [org.openlockbox.http.catalogue.ServiceReader] takes.
  public static String of(RouteDraft draft) {
    var text = new StringBuilder("    routes:\n");
    for (DraftedRoute each : draft.routes()) {
      text.append(
          "      %s: {method: %s, path: %s, level: %s%s%s}%n"
              .formatted(
                  each.name(),
                  each.method(),
                  quoted(each.path()),
                  each.level().word(),
                  each.query().isEmpty() ? "" : ", query: " + list(each.query()),
                  each.types().isEmpty() ? "" : ", body: {types: " + list(each.types()) + "}"));
    }
    return text.toString();
  }

  private static String list(Collection<String> texts) {
    return texts.stream().map(RouteDraftText::quoted).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
