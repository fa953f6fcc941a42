package org.openlockbox.http.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.policy.yaml.YamlValue;

/// A value of an OpenAPI document, read leniently: what is of another kind is taken for absent.
///
/// @param root the whole document, in which references are looked up
record OpenApiNode(YamlValue.Mapping root, @Nullable YamlValue value) {
  private static final int MOST_REFERENCES = 8;
  private static final String HERE = "#/";

  static OpenApiNode of(YamlValue.Mapping root) {
    return new OpenApiNode(root, root);
  }

  /// The member of this name; behind a reference to another place of the document, what is there.
  OpenApiNode member(String name) {
    YamlValue.Member found =
        resolved() instanceof YamlValue.Mapping map ? map.members().get(name) : null;
    return new OpenApiNode(root, found == null ? null : found.value());
  }

  private @Nullable YamlValue resolved() {
    YamlValue here = value;
    for (int i = 0; i < MOST_REFERENCES; i++) {
      Optional<String> reference = reference(here);
      if (reference.isEmpty()) {
        return here;
      }
      here = at(reference.get());
    }
    return null;
  }

  private static Optional<String> reference(@Nullable YamlValue value) {
    return value instanceof YamlValue.Mapping map
            && map.members().get("$ref") instanceof YamlValue.Member(_, YamlValue.Scalar ref)
        ? Optional.of(ref.text())
        : Optional.empty();
  }

  private @Nullable YamlValue at(String reference) {
    YamlValue here = reference.startsWith(HERE) ? root : null;
    for (String each :
        reference.substring(Math.min(HERE.length(), reference.length())).split("/", -1)) {
      String name = each.replace("~1", "/").replace("~0", "~");
      YamlValue.Member next =
          here instanceof YamlValue.Mapping map ? map.members().get(name) : null;
      here = next == null ? null : next.value();
    }
    return here;
  }

  /// The members in the order of the document.
  Map<String, OpenApiNode> members() {
    Map<String, OpenApiNode> all = new LinkedHashMap<>();
    if (resolved() instanceof YamlValue.Mapping map) {
      map.members().forEach((name, each) -> all.put(name, new OpenApiNode(root, each.value())));
    }
    return all;
  }

  List<OpenApiNode> items() {
    return resolved() instanceof YamlValue.Sequence(_, var items)
        ? items.stream().map(each -> new OpenApiNode(root, each)).toList()
        : List.of();
  }

  Optional<String> text() {
    return resolved() instanceof YamlValue.Scalar(_, _, var text)
        ? Optional.of(text)
        : Optional.empty();
  }

  boolean isThere() {
    return resolved() != null;
  }
}
