package org.openlockbox.gateway.yaml;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One mapping of a settings file. Each read names the key it wants; [#done()] then refuses every
/// key that nobody asked for, so that a misspelt setting is never silently ignored.
///
/// Anchors, aliases, tags, duplicate keys and files above 1 MiB are refused.
public final class YamlMap {
  private static final int MAX_CHARS = 1 << 20;

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, Entry> entries;
  private final Set<String> asked = new LinkedHashSet<>();

  private record Entry(int line, Node value) {}

  private YamlMap(String file, String path, MappingNode node) {
    this.file = file;
    this.path = path;
    this.line = lineOf(node);
    this.entries = entries(file, node);
  }

  /// Reads a whole file whose top is a mapping; `file` is only the name that problems carry.
  public static YamlMap parse(String file, String yaml) {
    if (yaml.length() > MAX_CHARS) {
      throw new YamlProblem(file, 1, "the file is larger than 1 MiB");
    }
    try {
      var settings = LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(0).build();
      var top =
          new Compose(settings)
              .composeString(yaml)
              .orElseThrow(() -> new YamlProblem(file, 1, "the file is empty"));
      if (!(top instanceof MappingNode map)) {
        throw new YamlProblem(file, lineOf(top), "expected `key: value` lines at the top");
      }
      return new YamlMap(file, "", map);
    } catch (MarkedYamlEngineException e) {
      int at = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new YamlProblem(file, at, "not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new YamlProblem(file, 1, "not valid YAML: " + e.getMessage());
    }
  }

  /// The line on which this mapping starts.
  public int line() {
    return line;
  }

  /// The keys in the order of the file.
  public List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  public boolean has(String key) {
    asked.add(key);
    return entries.containsKey(key);
  }

  /// Text that must be there.
  public String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  public Optional<String> optionalText(String key) {
    return scalar(key, Tag.STR, "text");
  }

  /// Any single value as it is written: text, number or truth value.
  public String word(String key) {
    return optionalWord(key).orElseThrow(() -> missing(key));
  }

  public Optional<String> optionalWord(String key) {
    return scalar(key, null, "a single value");
  }

  public int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> missing(key));
  }

  public Optional<Integer> optionalInteger(String key) {
    return scalar(key, Tag.INT, "a whole number")
        .map(
            digits -> {
              try {
                return Integer.valueOf(digits);
              } catch (NumberFormatException e) {
                throw problem(key, "must be a whole number below 2147483648");
              }
            });
  }

  public Optional<Boolean> optionalBool(String key) {
    return scalar(key, Tag.BOOL, "true or false").map(Boolean::valueOf);
  }

  /// A duration in ISO 8601, such as `PT12H`.
  public Optional<Duration> optionalDuration(String key) {
    return optionalText(key)
        .map(
            text -> {
              try {
                return Duration.parse(text);
              } catch (DateTimeParseException e) {
                throw problem(key, "must be a duration such as PT12H, not '" + text + "'");
              }
            });
  }

  public YamlMap map(String key) {
    return optionalMap(key).orElseThrow(() -> missing(key));
  }

  public Optional<YamlMap> optionalMap(String key) {
    Node node = value(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof MappingNode map)) {
      throw problem(key, "must hold `key: value` pairs");
    }
    return Optional.of(new YamlMap(file, at(key), map));
  }

  /// Whether the value of a key is a mapping.
  public boolean isMap(String key) {
    return value(key) instanceof MappingNode;
  }

  /// A list of mappings; empty if the key is absent.
  public List<YamlMap> maps(String key) {
    var found = new ArrayList<YamlMap>();
    for (Node item : items(key)) {
      if (!(item instanceof MappingNode map)) {
        throw new YamlProblem(
            file, lineOf(item), at(key) + ": each item must hold `key: value` pairs");
      }
      found.add(new YamlMap(file, at(key) + "[" + found.size() + "]", map));
    }
    return List.copyOf(found);
  }

  /// A list of texts; empty if the key is absent.
  public List<String> texts(String key) {
    var found = new ArrayList<String>();
    for (Node item : items(key)) {
      if (!(item instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
        throw new YamlProblem(file, lineOf(item), at(key) + ": each item must be text");
      }
      found.add(scalar.getValue());
    }
    return List.copyOf(found);
  }

  /// Refuses the keys that nobody asked for; call it after the last read.
  public void done() {
    for (var entry : entries.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        throw new YamlProblem(
            file,
            entry.getValue().line(),
            "unknown key '" + at(entry.getKey()) + "'" + Nearest.hint(entry.getKey(), asked));
      }
    }
  }

  /// A problem with the value of a key, on the key's line.
  public YamlProblem problem(String key, String what) {
    Entry entry = entries.get(key);
    return new YamlProblem(file, entry == null ? line : entry.line(), at(key) + ": " + what);
  }

  private YamlProblem missing(String key) {
    return new YamlProblem(file, line, "missing key '" + at(key) + "'" + misspelt(key));
  }

  /// A key close to the missing one that nobody has asked for is most likely it.
  private String misspelt(String key) {
    return entries.entrySet().stream()
        .filter(entry -> !asked.contains(entry.getKey()))
        .filter(entry -> !Nearest.hint(entry.getKey(), List.of(key)).isEmpty())
        .map(entry -> ", but line %d has '%s'".formatted(entry.getValue().line(), entry.getKey()))
        .findFirst()
        .orElse("");
  }

  private Optional<String> scalar(String key, @Nullable Tag wanted, String what) {
    Node node = value(key);
    if (node == null) {
      return Optional.empty();
    }
    boolean fits =
        node instanceof ScalarNode
            && !node.getTag().equals(Tag.NULL)
            && (wanted == null || node.getTag().equals(wanted));
    if (!fits) {
      throw problem(key, "must be " + what);
    }
    return Optional.of(((ScalarNode) node).getValue());
  }

  private List<Node> items(String key) {
    Node node = value(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list)) {
      throw problem(key, "must be a list");
    }
    return list.getValue();
  }

  private @Nullable Node value(String key) {
    asked.add(key);
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Map<String, Entry> entries(String file, MappingNode node) {
    var found = new LinkedHashMap<String, Entry>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new YamlProblem(file, lineOf(tuple.getKeyNode()), "a key must be a single word");
      }
      refuseAnchor(file, tuple.getValueNode());
      var entry = new Entry(lineOf(key), tuple.getValueNode());
      if (found.put(key.getValue(), entry) != null) {
        throw new YamlProblem(file, lineOf(key), "key '" + key.getValue() + "' is given twice");
      }
    }
    return found;
  }

  private static void refuseAnchor(String file, Node node) {
    if (node.getAnchor().isPresent()) {
      throw new YamlProblem(file, lineOf(node), "anchors and aliases are not allowed");
    }
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(item -> refuseAnchor(file, item));
    }
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
