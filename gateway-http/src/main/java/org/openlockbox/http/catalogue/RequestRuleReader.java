package org.openlockbox.http.catalogue;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// Reads what of a route's request passes: `query`, `forced`, `headers`, `reads` and
/// `subprotocols`.
final class RequestRuleReader {
  private RequestRuleReader() {}

  /// @throws YamlProblem naming the line of the first mistake
  static RequestRule read(YamlMap route) {
    Map<String, String> forced = new HashMap<>();
    route.optionalMap("forced").ifPresent(each -> forced(each, forced));
    boolean reads = route.optionalBool("reads").orElse(false);
    var query = new TreeSet<>(route.texts("query"));
    var headers = new TreeSet<>(route.texts("headers"));
    var subprotocols = new TreeSet<>(route.texts("subprotocols"));
    try {
      return new RequestRule(query, forced, headers, reads, subprotocols);
    } catch (IllegalArgumentException e) {
      throw route.problem(forced.isEmpty() ? "headers" : "forced", String.valueOf(e.getMessage()));
    }
  }

  private static void forced(YamlMap forced, Map<String, String> into) {
    for (String name : forced.keys()) {
      String value = forced.word(name);
      boolean place = value.contains("{") || value.contains("}");
      if (place && !value.equals(RequestRule.TENANT)) {
        throw forced.problem(name, "is '{tenant}' or a value without braces");
      }
      into.put(name, value);
    }
    forced.done();
  }
}
