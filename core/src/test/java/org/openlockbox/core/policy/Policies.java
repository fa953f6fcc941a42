package org.openlockbox.core.policy;

import java.nio.charset.StandardCharsets;
import org.openlockbox.core.canonical.Json;

/// Policies for tests, written as JSON with single quotes.
public final class Policies {
  private Policies() {}

  public static Policy of(String json) {
    return Policy.parse(Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  /// Rules of their own, and groups: `security` is ann and bob, `legal` is cat.
  public static Policy rules(String rules) {
    return of(
        "{'groups': {'security': ['ann', 'bob'], 'legal': ['cat']}, 'rules': [" + rules + "]}");
  }
}
