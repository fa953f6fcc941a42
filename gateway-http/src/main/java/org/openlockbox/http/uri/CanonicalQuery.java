package org.openlockbox.http.uri;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The parameters of a query, each once, in the only form: `name=value`, joined by `&`.
///
/// @param parameters decoded, in the order of the request
public record CanonicalQuery(Map<String, String> parameters) {
  public static final CanonicalQuery NONE = new CanonicalQuery(Map.of());

  private static final int MOST = 64;

  public CanonicalQuery {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /// Reads a query as it stood in the request line; empty where it has another form, or a name
  /// twice.
  public static Optional<CanonicalQuery> parse(String raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String each : raw.split("&", -1)) {
      int mark = each.indexOf('=');
      if (mark <= 0 || parameters.size() == MOST) {
        return Optional.empty();
      }
      Optional<String> name = PercentCoding.decode(each.substring(0, mark));
      Optional<String> value = PercentCoding.decode(each.substring(mark + 1));
      if (name.isEmpty()
          || value.isEmpty()
          || parameters.putIfAbsent(name.get(), value.get()) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new CanonicalQuery(parameters));
  }

  /// With these parameters behind its own.
  public CanonicalQuery with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.putAll(more);
    return new CanonicalQuery(all);
  }

  public Set<String> names() {
    return parameters.keySet();
  }

  /// As it is forwarded, with its question mark; empty where there is none.
  @Override
  public String toString() {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(
                each ->
                    PercentCoding.encode(each.getKey())
                        + "="
                        + PercentCoding.encode(each.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }
}
