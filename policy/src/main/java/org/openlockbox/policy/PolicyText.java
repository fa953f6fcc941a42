package org.openlockbox.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.policy.yaml.MalformedYaml;
import org.openlockbox.policy.yaml.SourcePosition;
import org.openlockbox.policy.yaml.YamlReader;
import org.openlockbox.policy.yaml.YamlValue;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// A policy as people write it, in YAML or in JSON, which is YAML as well: the same members as in
/// the payload that is signed. What is wrong is told with its place in the text.
public final class PolicyText {
  /// The longest text.
  public static final int LONGEST = 65_535;

  private static final String ROOT = "policy";

  /// What came of reading a text.
  public sealed interface Read {
    record Good(Policy policy) implements Read {}

    record Bad(List<TextProblem> problems) implements Read {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  /// What is wrong, and where: line and column count from 1.
  public record TextProblem(int line, int column, String what) {
    @Override
    public String toString() {
      return "line %d, column %d: %s".formatted(line, column, what);
    }
  }

  private final CelConditions conditions;

  public PolicyText(CelConditions conditions) {
    this.conditions = conditions;
  }

  public Read read(String text) {
    if (text.length() > LONGEST) {
      return bad(new TextProblem(1, 1, "a policy is at most 65535 characters"));
    }
    var places = new HashMap<String, SourcePosition>();
    try {
      var top = YamlReader.read(text);
      if (top.isEmpty()) {
        return bad(new TextProblem(1, 1, "the policy is empty"));
      }
      var policy = Policy.parse(json(top.get(), ROOT, places));
      var mistakes = mistakes(policy, places);
      return mistakes.isEmpty() ? new Read.Good(policy) : new Read.Bad(mistakes);
    } catch (MalformedYaml e) {
      return bad(problem(e.at(), e.what()));
    } catch (MalformedJson e) {
      return bad(problem(place(e.path(), places), String.valueOf(e.getMessage())));
    }
  }

  private static Read bad(TextProblem problem) {
    return new Read.Bad(List.of(problem));
  }

  private List<TextProblem> mistakes(Policy policy, Map<String, SourcePosition> places) {
    var found = new ArrayList<TextProblem>();
    for (int i = 0; i < policy.ownRules().size(); i++) {
      var path = "%s.rules[%d].when".formatted(ROOT, i);
      policy
          .ownRules()
          .get(i)
          .when()
          .flatMap(conditions::mistake)
          .ifPresent(
              mistake ->
                  found.add(
                      problem(
                          place(path, places),
                          "'when', line %d, column %d: %s"
                              .formatted(mistake.line(), mistake.column(), mistake.what()))));
    }
    return found;
  }

  private static TextProblem problem(SourcePosition at, String what) {
    return new TextProblem(at.line(), at.column(), what);
  }

  /// The place of this member, or of the nearest thing around it that has one.
  private static SourcePosition place(String path, Map<String, SourcePosition> places) {
    for (var at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
      var place = places.get(at);
      if (place != null) {
        return place;
      }
    }
    return places.getOrDefault(ROOT, SourcePosition.START);
  }

  private static Json json(YamlValue value, String path, Map<String, SourcePosition> places) {
    places.putIfAbsent(path, value.at());
    return switch (value) {
      case YamlValue.Mapping(_, var members) -> {
        var json = Json.object();
        members.forEach(
            (name, member) -> {
              var at = path + "." + name;
              places.put(at, member.at());
              json.put(name, json(member.value(), at, places));
            });
        yield json.build();
      }
      case YamlValue.Sequence(_, var list) -> {
        var items = new ArrayList<Json>();
        for (var item : list) {
          items.add(json(item, "%s[%d]".formatted(path, items.size()), places));
        }
        yield Json.array(items);
      }
      case YamlValue.Scalar scalar -> scalar(scalar);
    };
  }

  private static Json scalar(YamlValue.Scalar scalar) {
    try {
      return switch (scalar.kind()) {
        case INTEGER -> new Json.Number(Long.parseLong(scalar.text()));
        case BOOLEAN -> new Json.Bool(scalar.text().equals("true"));
        case TEXT -> Json.text(scalar.text().strip());
        case NULL, OTHER ->
            throw new MalformedYaml(
                scalar.at(), "a text, a whole number, true or false is expected");
      };
    } catch (NumberFormatException | MalformedJson e) {
      throw new MalformedYaml(scalar.at(), String.valueOf(e.getMessage()));
    }
  }

  /// The policy as YAML, which [#read] reads as the same policy.
  public static String yaml(Policy policy) {
    var settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return new Dump(settings).dumpToString(plain(policy.toJson()));
  }

  /// Members in the order in which people read them; the others follow by name.
  private static final List<String> ORDER =
      List.of("mode", "id", "says", "match", "when", "deny", "approve", "ask", "rules");

  private static Object plain(Json json) {
    return switch (json) {
      case Json.Object(var members) ->
          members.entrySet().stream()
              .sorted(Map.Entry.comparingByKey(Comparator.comparingInt(PolicyText::rank)))
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      member -> plain(member.getValue()),
                      (a, b) -> a,
                      LinkedHashMap::new));
      case Json.Array(var items) -> items.stream().map(PolicyText::plain).toList();
      case Json.Text(var value) -> value;
      case Json.Number(long value) -> value;
      case Json.Bool(boolean value) -> value;
      case Json.Null() -> throw new IllegalStateException("a policy has no null");
    };
  }

  private static int rank(String name) {
    int at = ORDER.indexOf(name);
    return at < 0 ? ORDER.size() : at;
  }
}
