package org.openlockbox.node.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// The answers to [SetupQuestion]s: a flag counts before the answers file, and a person is asked
/// last.
public final class Answers {
  private final Map<SetupQuestion, String> given;

  private Answers(Map<SetupQuestion, String> given) {
    this.given = new EnumMap<>(given);
  }

  /// Puts them together.
  ///
  /// @param ask what the person at the terminal says; empty where there is none
  public static Answers of(
      Map<SetupQuestion, String> flags,
      Optional<Path> file,
      Function<SetupQuestion, Optional<String>> ask) {
    Map<SetupQuestion, String> all = new EnumMap<>(SetupQuestion.class);
    file.ifPresent(path -> all.putAll(read(path)));
    all.putAll(flags);
    for (SetupQuestion question : SetupQuestion.values()) {
      if (question.isNeeded() && !all.containsKey(question)) {
        all.put(question, ask.apply(question).orElseThrow(() -> missing(question)));
      }
    }
    return new Answers(all);
  }

  private static Map<SetupQuestion, String> read(Path file) {
    try {
      var map = YamlMap.parse(file.toString(), Files.readString(file));
      Map<SetupQuestion, String> read = new EnumMap<>(SetupQuestion.class);
      for (SetupQuestion question : SetupQuestion.values()) {
        map.optionalWord(question.word()).ifPresent(value -> read.put(question, value));
      }
      map.done();
      return read;
    } catch (IOException e) {
      throw new NodeFailure(Code.USAGE, file + " cannot be read: " + e, e);
    } catch (YamlProblem e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static NodeFailure missing(SetupQuestion question) {
    return new NodeFailure(
        Code.USAGE,
        "%s is not said. %s Say %s %s, or write `%s: …` into the answers file."
            .formatted(
                question.word(),
                question.text(),
                question.flag(),
                question.form(),
                question.word()));
  }

  public Optional<String> optional(SetupQuestion question) {
    return Optional.ofNullable(given.get(question)).filter(value -> !value.isBlank());
  }

  /// One that has a value whatever was said.
  public String or(SetupQuestion question, String usual) {
    return optional(question).orElse(usual);
  }

  public String needed(SetupQuestion question) {
    return optional(question).orElseThrow(() -> missing(question));
  }
}
