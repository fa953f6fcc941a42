package org.openlockbox.http.catalogue;

import java.util.Arrays;
import java.util.Optional;

/// The methods that a route may have. CONNECT, TRACE and all others have none.
public enum Method {
  GET(true),
  HEAD(true),
  POST(false),
  PUT(false),
  PATCH(false),
  DELETE(false);

  private final boolean safe;

  Method(boolean safe) {
    this.safe = safe;
  }

  /// The method that a request names, in the only spelling that it has.
  public static Optional<Method> of(String name) {
    return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
  }

  /// The method that a catalogue names.
  public static Method parse(String name) {
    return of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be GET, HEAD, POST, PUT, PATCH or DELETE, not " + name));
  }

  /// Whether it asks for no change (RFC 9110, section 9.2.1).
  public boolean isSafe() {
    return safe;
  }
}
