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

/// The answers to [SetupQuestion]s: a flag counts before the answers file, that before what a
/// server's host gave this gateway to take along, and a person is asked last.
public final class Answers {
  private final HostRole role;
  private final Map<SetupQuestion, String> given;

  private Answers(HostRole role, Map<SetupQuestion, String> given) {
    this.role = role;
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
    HostRole role = role(all);
    var handed = layout(all, role).handedAnswers();
    if (role == HostRole.GATEWAY && Files.exists(handed)) {
      read(handed).forEach(all::putIfAbsent);
    }
    for (SetupQuestion question : SetupQuestion.values()) {
      if (all.containsKey(question) && !question.isAskedOn(role)) {
        throw misplaced(question, role);
      }
      if (question.isNeededOn(role) && !all.containsKey(question)) {
        all.put(question, ask.apply(question).orElseThrow(() -> missing(question)));
      }
    }
    return new Answers(role, all);
  }

  private static HostRole role(Map<SetupQuestion, String> all) {
    boolean server = isSaid(all, SetupQuestion.SERVER);
    boolean gateway = isSaid(all, SetupQuestion.GATEWAY);
    if (server && gateway) {
      throw new NodeFailure(
          Code.USAGE, "one host with both parts needs neither --server nor --gateway");
    }
    return server ? HostRole.SERVER : gateway ? HostRole.GATEWAY : HostRole.WHOLE;
  }

  private static boolean isSaid(Map<SetupQuestion, String> all, SetupQuestion question) {
    return switch (all.getOrDefault(question, "false")) {
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw new NodeFailure(
              Code.USAGE, "%s is true or false, not %s".formatted(question.word(), other));
    };
  }

  private static HostLayout layout(Map<SetupQuestion, String> all, HostRole role) {
    return new HostLayout(
        Path.of(all.getOrDefault(SetupQuestion.DIRECTORY, "/etc/lockbox")).toAbsolutePath(),
        Path.of(all.getOrDefault(SetupQuestion.STATE, "/var/lib")).toAbsolutePath(),
        role);
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

  private static NodeFailure misplaced(SetupQuestion question, HostRole role) {
    String host =
        switch (role) {
          case WHOLE -> "a host with both parts";
          case SERVER -> "a host with --server alone";
          case GATEWAY -> "a host with --gateway alone";
        };
    return new NodeFailure(
        Code.USAGE, "%s means nothing on %s; leave it out".formatted(question.flag(), host));
  }

  /// Which parts are made.
  HostRole role() {
    return role;
  }

  /// Where they are made.
  HostLayout layout() {
    return layout(given, role);
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
