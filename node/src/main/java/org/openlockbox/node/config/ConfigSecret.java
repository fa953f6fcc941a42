package org.openlockbox.node.config;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.openlockbox.gateway.file.SecretFile;
import org.openlockbox.gateway.file.UnusableFile;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// A password or token that the configuration names and does not contain: `{file: path}` or `{env:
/// NAME}`. It is read when it is used, so that a changed file counts from the next connection on,
/// and it appears in no text.
///
/// `{insecureInline: text}` exists for throw-away set-ups and is easy to find.
public sealed interface ConfigSecret extends Supplier<String> {
  /// One line in a file that nobody else may read.
  record InFile(Path file) implements ConfigSecret {
    @Override
    public String get() {
      try {
        return new SecretFile(file).get();
      } catch (UnusableFile e) {
        throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
      }
    }
  }

  /// The value of an environment variable.
  record InEnvironment(String variable) implements ConfigSecret {
    @Override
    public String get() {
      String value = System.getenv(variable);
      if (value == null) {
        throw new NodeFailure(Code.FAILURE, "the environment variable " + variable + " is not set");
      }
      return value;
    }
  }

  /// Written in the configuration itself, where everybody who reads it reads the secret.
  record InsecureInline(String value) implements ConfigSecret {
    @Override
    public String get() {
      return value;
    }

    @Override
    public String toString() {
      return "InsecureInline[...]";
    }
  }

  /// Reads the mapping under `key`.
  static ConfigSecret read(YamlMap parent, String key, Path base) {
    YamlMap map;
    try {
      map = parent.map(key);
    } catch (YamlProblem e) {
      throw parent.has(key)
          ? parent.problem(key, "a secret is named, not written here: {file: path} or {env: NAME}")
          : e;
    }
    var file = map.optionalText("file");
    var variable = map.optionalText("env");
    var inline = map.optionalWord("insecureInline");
    map.done();
    if (file.isPresent() && variable.isEmpty() && inline.isEmpty()) {
      return new InFile(base.resolve(file.get()));
    }
    if (variable.isPresent() && file.isEmpty() && inline.isEmpty()) {
      return new InEnvironment(variable.get());
    }
    if (inline.isPresent() && file.isEmpty() && variable.isEmpty()) {
      return new InsecureInline(inline.get());
    }
    throw parent.problem(key, "exactly one of file, env or insecureInline is needed");
  }
}
