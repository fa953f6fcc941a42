package org.openlockbox.gateway.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.policy.yaml.MalformedYaml;
import org.openlockbox.policy.yaml.YamlReader;
import org.openlockbox.policy.yaml.YamlValue;
import org.openlockbox.policy.yaml.YamlValue.ScalarKind;

/// One mapping of a settings file. Each read names the key it wants; [#done()] then refuses every
/// key that nobody asked for, so that a misspelt setting is never silently ignored.
///
/// [YamlReader] says what else is refused, and so is a file above 1 MiB.
public final class YamlMap {
  private static final int MAX_CHARS = 1 << 20;

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, YamlValue.Member> entries;
  private final Set<String> asked = new LinkedHashSet<>();

  private YamlMap(String file, String path, YamlValue.Mapping mapping) {
    this.file = file;
    this.path = path;
    this.line = mapping.at().line();
    this.entries = mapping.members();
  }

  /// Reads a whole file whose top is a mapping; `file` is only the name that problems carry.
  public static YamlMap parse(String file, String yaml) {
    if (yaml.length() > MAX_CHARS) {
      throw new YamlProblem(file, 1, "the file is larger than 1 MiB");
    }
    try {
      var top =
          YamlReader.read(yaml).orElseThrow(() -> new YamlProblem(file, 1, "the file is empty"));
      if (!(top instanceof YamlValue.Mapping mapping)) {
        throw new YamlProblem(file, top.at().line(), "expected `key: value` lines at the top");
      }
      return new YamlMap(file, "", mapping);
    } catch (MalformedYaml e) {
      throw new YamlProblem(file, e.at().line(), e.what());
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
    return scalar(key, ScalarKind.TEXT, "text");
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
    return scalar(key, ScalarKind.INTEGER, "a whole number")
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
    return scalar(key, ScalarKind.BOOLEAN, "true or false").map(Boolean::valueOf);
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

  /// The address of a host by HTTPS, such as the example.
  public URI httpsHost(String key, String example) {
    String text = text(key);
    try {
      URI url = new URI(text);
      if ("https".equals(url.getScheme()) && url.getHost() != null && url.getRawPath().isEmpty()) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw problem(key, "must be an address such as " + example);
  }

  public YamlMap map(String key) {
    return optionalMap(key).orElseThrow(() -> missing(key));
  }

  public Optional<YamlMap> optionalMap(String key) {
    var value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof YamlValue.Mapping mapping)) {
      throw problem(key, "must hold `key: value` pairs");
    }
    return Optional.of(new YamlMap(file, at(key), mapping));
  }

  /// Whether the value of a key is a mapping.
  public boolean isMap(String key) {
    return value(key) instanceof YamlValue.Mapping;
  }

  /// A list of mappings; empty if the key is absent.
  public List<YamlMap> maps(String key) {
    var found = new ArrayList<YamlMap>();
    for (YamlValue item : items(key)) {
      if (!(item instanceof YamlValue.Mapping map)) {
        throw new YamlProblem(
            file, item.at().line(), at(key) + ": each item must hold `key: value` pairs");
      }
      found.add(new YamlMap(file, at(key) + "[" + found.size() + "]", map));
    }
    return List.copyOf(found);
  }

  /// A list of texts; empty if the key is absent.
  public List<String> texts(String key) {
    var found = new ArrayList<String>();
    for (YamlValue item : items(key)) {
      if (!(item instanceof YamlValue.Scalar(_, var kind, var text)) || kind != ScalarKind.TEXT) {
        throw new YamlProblem(file, item.at().line(), at(key) + ": each item must be text");
      }
      found.add(text);
    }
    return List.copyOf(found);
  }

  /// What is made of this key; whatever its constructors refuse is a problem of the key.
  public <T> T checked(String key, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException | MalformedJson e) {
      String message = e.getMessage();
      throw problem(key, message == null ? "cannot be read" : message);
    }
  }

  /// Refuses the keys that nobody asked for; call it after the last read.
  public void done() {
    for (var entry : entries.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        throw new YamlProblem(
            file,
            entry.getValue().at().line(),
            "unknown key '" + at(entry.getKey()) + "'" + Nearest.hint(entry.getKey(), asked));
      }
    }
  }

  /// A problem with the value of a key, on the key's line.
  public YamlProblem problem(String key, String what) {
    var entry = entries.get(key);
    return new YamlProblem(file, entry == null ? line : entry.at().line(), at(key) + ": " + what);
  }

  private YamlProblem missing(String key) {
    return new YamlProblem(file, line, "missing key '" + at(key) + "'" + misspelt(key));
  }

  /// A key close to the missing one that nobody has asked for is most likely it.
  private String misspelt(String key) {
    return entries.entrySet().stream()
        .filter(entry -> !asked.contains(entry.getKey()))
        .filter(entry -> !Nearest.hint(entry.getKey(), List.of(key)).isEmpty())
        .map(
            entry ->
                ", but line %d has '%s'".formatted(entry.getValue().at().line(), entry.getKey()))
        .findFirst()
        .orElse("");
  }

  private Optional<String> scalar(String key, @Nullable ScalarKind wanted, String what) {
    var value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    boolean fits =
        value instanceof YamlValue.Scalar(_, var kind, _)
            && kind != ScalarKind.NULL
            && (wanted == null || kind == wanted);
    if (!fits) {
      throw problem(key, "must be " + what);
    }
    return Optional.of(((YamlValue.Scalar) value).text());
  }

  private List<YamlValue> items(String key) {
    var value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof YamlValue.Sequence(_, var items))) {
      throw problem(key, "must be a list");
    }
    return items;
  }

  private @Nullable YamlValue value(String key) {
    asked.add(key);
    var entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
