package org.openlockbox.http.json;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What of a document is shown: the listed places, each as it is or masked. What is not listed is
/// left out.
public final class FieldRules {
  private final SortedMap<JsonPath, FieldMask> byPath;
  private final FieldNode root;

  private FieldRules(SortedMap<JsonPath, FieldMask> byPath, FieldNode root) {
    this.byPath = byPath;
    this.root = root;
  }

  /// Rules by these places.
  ///
  /// @param byPath places of values; what surrounds them is shown as far as it is needed for that
  public static FieldRules of(Map<JsonPath, FieldMask> byPath) {
    SortedMap<JsonPath, FieldMask> sorted =
        Collections.unmodifiableSortedMap(new TreeMap<>(byPath));
    NodeBuilder root = new NodeBuilder();
    sorted.forEach(root::put);
    return new FieldRules(sorted, root.build());
  }

  /// Whether nothing is listed.
  public boolean isEmpty() {
    return byPath.isEmpty();
  }

  public SortedMap<JsonPath, FieldMask> byPath() {
    return byPath;
  }

  /// The places whose values are shown as they are.
  public List<String> shown() {
    return places(mask -> mask == FieldMask.SHOW);
  }

  /// The places whose values are masked.
  public List<String> masked() {
    return places(mask -> mask != FieldMask.SHOW);
  }

  private List<String> places(Predicate<FieldMask> of) {
    return byPath.entrySet().stream()
        .filter(each -> of.test(each.getValue()))
        .map(each -> each.getKey().toString())
        .toList();
  }

  FieldNode root() {
    return root;
  }

  /// One place of a document.
  ///
  /// @param mask of a value here; empty where no value was listed
  /// @param members of an object here, by name; all others are left out
  /// @param elements each element of an array here; empty where no array was listed
  record FieldNode(
      Optional<FieldMask> mask, Map<String, FieldNode> members, Optional<FieldNode> elements) {}

  private static final class NodeBuilder {
    private final Map<String, NodeBuilder> below = new HashMap<>();
    private Optional<FieldMask> mask = Optional.empty();

    void put(JsonPath path, FieldMask mask) {
      NodeBuilder node = this;
      for (String step : path.steps()) {
        node = node.below.computeIfAbsent(step, _ -> new NodeBuilder());
      }
      node.mask = Optional.of(mask);
    }

    FieldNode build() {
      Map<String, FieldNode> members = new HashMap<>();
      below.forEach((name, node) -> members.put(name, node.build()));
      Optional<FieldNode> elements = Optional.ofNullable(members.remove(JsonPath.ELEMENTS));
      return new FieldNode(mask, Map.copyOf(members), elements);
    }
  }
}
