package org.openlockbox.http.exchange;

import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/// Which headers pass. What is not listed does not: who the client is, which way it came, and
/// whatever else an upstream might believe comes from the gateway alone.
final class HeaderRules {
  private static final Set<String> TO_UPSTREAM =
      Set.of("accept", "accept-language", "content-type", "user-agent");
  private static final Set<String> TO_ENGINEER =
      Set.of(
          "allow",
          "content-disposition",
          "content-language",
          "content-type",
          "last-modified",
          "retry-after");

  private HeaderRules() {}

  static HttpFields toUpstream(HttpFields request) {
    HttpFields.Mutable passing = passing(request, TO_UPSTREAM);
    passing.put("accept-encoding", "identity");
    return passing.asImmutable();
  }

  static HttpFields.Mutable toEngineer(HttpFields answer) {
    HttpFields.Mutable passing = passing(answer, TO_ENGINEER);
    passing.put("cache-control", "no-store");
    passing.put("x-content-type-options", "nosniff");
    return passing;
  }

  private static HttpFields.Mutable passing(HttpFields all, Set<String> listed) {
    HttpFields.Mutable passing = HttpFields.build();
    for (HttpField each : all) {
      if (listed.contains(each.getName().toLowerCase(Locale.ROOT))) {
        passing.add(each);
      }
    }
    return passing;
  }
}
