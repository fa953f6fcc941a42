package org.openlockbox.http.catalogue;

import java.util.Locale;
import java.util.Set;

/// Which bodies a route takes.
///
/// @param types media types without parameters, in lower case
/// @param most how many bytes
public record BodyRule(Set<String> types, int most) {
  /// What is kept sealed beside the log at most.
  public static final int MOST_KEPT = 64 * 1024;

  public BodyRule {
    types = Set.copyOf(types);
    if (most < 1 || most > MOST_KEPT) {
      throw new IllegalArgumentException("a body has 1 to 65536 bytes, not " + most);
    }
  }

  /// Whether a body with this `Content-Type` may come.
  public boolean takes(String contentType) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return types.contains(type);
  }
}
