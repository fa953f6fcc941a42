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
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A policy as people write it, in YAML or in JSON, which is YAML as well: the same members as in
/// the payload that is signed. What is wrong is told with its place in the text.
public final class PolicyText {
  /// The longest text.
  public static final int LONGEST = 65_535;

  private static final String ROOT = "policy";

  /// What came of reading a text.
  public sealed interface Read {
    record Good(Policy policy) implements Read {}

    record Bad(List<Problem> problems) implements Read {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  /// What is wrong, and where: line and column count from 1.
  public record Problem(int line, int column, String what) {
    @Override
    public String toString() {
      return "line %d, column %d: %s".formatted(line, column, what);
    }
  }

  private final CelConditions conditions;

  public PolicyText(CelConditions conditions) {
    this.conditions = conditions;
  }

  /// Thrown within this file for what is wrong.
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Wrong(Problem problem) {
      super(problem.what());
      this.problem = problem;
    }
  }

  public Read read(String text) {
    if (text.length() > LONGEST) {
      return bad(new Problem(1, 1, "a policy is at most 65535 characters"));
    }
    var marks = new HashMap<String, Mark>();
    try {
      var policy = Policy.parse(json(top(text), ROOT, marks));
      var mistakes = mistakes(policy, marks);
      return mistakes.isEmpty() ? new Read.Good(policy) : new Read.Bad(mistakes);
    } catch (Wrong e) {
      return bad(e.problem);
    } catch (MalformedJson e) {
      return bad(problem(place(e.path(), marks), String.valueOf(e.getMessage())));
    } catch (MarkedYamlEngineException e) {
      var at = e.getProblemMark();
      return bad(
          new Problem(
              at.map(mark -> mark.getLine() + 1).orElse(1),
              at.map(mark -> mark.getColumn() + 1).orElse(1),
              "not YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      return bad(new Problem(1, 1, "not YAML: " + e.getMessage()));
    }
  }

  private static Read bad(Problem problem) {
    return new Read.Bad(List.of(problem));
  }

  private List<Problem> mistakes(Policy policy, Map<String, Mark> marks) {
    var found = new ArrayList<Problem>();
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
                          place(path, marks),
                          "'when', line %d, column %d: %s"
                              .formatted(mistake.line(), mistake.column(), mistake.what()))));
    }
    return found;
  }

  private static Problem problem(Mark mark, String what) {
    return new Problem(mark.getLine() + 1, mark.getColumn() + 1, what);
  }

  /// The place of this member, or of the nearest thing around it that has one.
  private static Mark place(String path, Map<String, Mark> marks) {
    for (var at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
      var mark = marks.get(at);
      if (mark != null) {
        return mark;
      }
    }
    return marks.getOrDefault(ROOT, new Mark("", 0, 0, 0, new int[0], 0));
  }

  private static Node top(String text) {
    var settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
    return new Compose(settings)
        .composeString(text)
        .orElseThrow(() -> new Wrong(new Problem(1, 1, "the policy is empty")));
  }

  private static Json json(Node node, String path, Map<String, Mark> marks) {
    node.getStartMark().ifPresent(mark -> marks.putIfAbsent(path, mark));
    if (node.getAnchor().isPresent()) {
      throw wrong(node, "anchors and aliases are not allowed");
    }
    return switch (node) {
      case MappingNode map -> object(map, path, marks);
      case SequenceNode list -> {
        var items = new ArrayList<Json>();
        for (var item : list.getValue()) {
          items.add(json(item, "%s[%d]".formatted(path, items.size()), marks));
        }
        yield Json.array(items);
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw wrong(node, "neither a value, a list nor `key: value` pairs");
    };
  }

  private static Json object(MappingNode map, String path, Map<String, Mark> marks) {
    var members = new LinkedHashMap<String, Json>();
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw wrong(tuple.getKeyNode(), "a key is a single word");
      }
      var at = path + "." + key.getValue();
      key.getStartMark().ifPresent(mark -> marks.put(at, mark));
      if (members.put(key.getValue(), json(tuple.getValueNode(), at, marks)) != null) {
        throw wrong(key, "'%s' is there twice".formatted(key.getValue()));
      }
    }
    var json = Json.object();
    members.forEach(json::put);
    return json.build();
  }

  private static Json scalar(ScalarNode scalar) {
    var text = scalar.getValue();
    try {
      if (scalar.getTag().equals(Tag.INT)) {
        return new Json.Number(Long.parseLong(text));
      }
      if (scalar.getTag().equals(Tag.BOOL)) {
        return new Json.Bool(text.equals("true"));
      }
      if (scalar.getTag().equals(Tag.STR)) {
        return Json.text(text.strip());
      }
    } catch (NumberFormatException | MalformedJson e) {
      throw wrong(scalar, String.valueOf(e.getMessage()));
    }
    throw wrong(scalar, "a text, a whole number, true or false is expected");
  }

  private static Wrong wrong(Node node, String what) {
    return new Wrong(
        new Problem(
            node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1),
            node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1),
            what));
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
