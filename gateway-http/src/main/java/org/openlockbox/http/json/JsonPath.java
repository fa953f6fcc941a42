package org.openlockbox.http.json;

import java.util.List;
import java.util.regex.Pattern;

/// A place in a JSON document: names of members joined by dots, `*` for each element of an array:
/// `tickets.*.subject`.
public record JsonPath(List<String> steps) implements Comparable<JsonPath> {
  /// Each element of an array.
  static final String ELEMENTS = "*";

  /// Deepest nesting of a document, and longest path.
  static final int DEEPEST = 32;

  private static final Pattern STEP = Pattern.compile("\\*|[A-Za-z0-9_$@-][A-Za-z0-9_$@:-]{0,99}");

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /// Reads a path.
  ///
  /// @throws IllegalArgumentException with what is wrong with it
  public static JsonPath parse(String text) {
    List<String> steps = List.of(text.split("\\.", -1));
    if (steps.size() > DEEPEST || !steps.stream().allMatch(each -> STEP.matcher(each).matches())) {
      throw new IllegalArgumentException(
          "'%s' is no path such as id or items.*.email".formatted(text));
    }
    return new JsonPath(steps);
  }

  @Override
  public int compareTo(JsonPath other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return String.join(".", steps);
  }
}
