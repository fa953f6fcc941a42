package org.openlockbox.http.catalogue;

import java.util.Locale;
import java.util.Set;

/// Which bodies a route takes. One of up to [#MOST_KEPT] bytes is kept sealed beside the log. Of a
/// longer one the log has parts, each with its digest, on record before that part is forwarded.
///
/// @param types media types without parameters, in lower case
/// @param most how many bytes
public record BodyRule(Set<String> types, int most) {
  /// What is kept sealed beside the log at most.
  public static final int MOST_KEPT = 64 * 1024;

  private static final int MOST = 1 << 30;
  private static final Set<String> FORMS =
      Set.of("application/x-www-form-urlencoded", "multipart/form-data");

  public BodyRule {
    types = Set.copyOf(types);
    if (most < 1 || most > MOST) {
      throw new IllegalArgumentException("a body has 1 to 1073741824 bytes, not " + most);
    }
  }

  /// Whether it takes fields of a form, which services may read as parameters.
  boolean takesForms() {
    return types.stream().anyMatch(FORMS::contains);
  }

  /// Whether a body with this `Content-Type` may come.
  public boolean takes(String contentType) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return types.contains(type);
  }
}
