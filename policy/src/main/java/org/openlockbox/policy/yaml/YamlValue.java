package org.openlockbox.policy.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of a YAML text, and where it stands.
public sealed interface YamlValue {
  SourcePosition at();

  /// `key: value` pairs in the order of the text. A key stands once.
  record Mapping(SourcePosition at, Map<String, Member> members) implements YamlValue {
    public Mapping {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /// The value of a key, and where the key stands.
  record Member(SourcePosition at, YamlValue value) {}

  record Sequence(SourcePosition at, List<YamlValue> items) implements YamlValue {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// A single value as it is written. What is quoted is text.
  record Scalar(SourcePosition at, ScalarKind kind, String text) implements YamlValue {}

  /// What a scalar is by the JSON schema of YAML 1.2: `yes` is text, `true` is not.
  enum ScalarKind {
    TEXT,
    INTEGER,
    BOOLEAN,
    NULL,
    /// A number with a fraction or an exponent.
    OTHER
  }
}
