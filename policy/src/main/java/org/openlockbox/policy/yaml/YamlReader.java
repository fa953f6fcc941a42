package org.openlockbox.policy.yaml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/// Reads one document of YAML 1.2 strictly. Directives, anchors, aliases, tags, a key that stands
/// twice, a key that is no text on one line, a second document and nesting beyond [#MAX_DEPTH] are
/// refused, so a text means what a reader sees, and no small text becomes a large value.
public final class YamlReader {
  /// Deepest nesting of mappings and sequences.
  public static final int MAX_DEPTH = 50;

  private static final ScalarResolver KINDS = new JsonScalarResolver();

  private final Iterator<Event> events;

  private YamlReader(Iterator<Event> events) {
    this.events = events;
  }

  /// The value of a text, or nothing if the text holds none. Throws [MalformedYaml].
  public static Optional<YamlValue> read(String text) {
    try {
      return new YamlReader(new Parse(LoadSettings.builder().build()).parseString(text).iterator())
          .document();
    } catch (MarkedYamlEngineException e) {
      var at = e.getProblemMark().map(YamlReader::at).orElse(SourcePosition.START);
      throw new MalformedYaml(at, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new MalformedYaml(SourcePosition.START, "not YAML: " + e.getMessage());
    }
  }

  private Optional<YamlValue> document() {
    events.next(); // the stream starts
    if (!(events.next() instanceof DocumentStartEvent start)) {
      return Optional.empty();
    }
    requireNoDirective(start);
    var value = value(events.next(), 0);
    events.next(); // the document ends
    var then = events.next();
    if (!(then instanceof StreamEndEvent)) {
      throw new MalformedYaml(at(then), "a second document is not allowed");
    }
    return Optional.of(value);
  }

  /// A document starts with its first directive, else on the line of its `---`.
  private static void requireNoDirective(DocumentStartEvent start) {
    if (start.isExplicit() && !isOnOneLine(start)) {
      throw new MalformedYaml(at(start), "directives are not allowed");
    }
  }

  private static boolean isOnOneLine(Event event) {
    return event.getStartMark().map(Mark::getLine).equals(event.getEndMark().map(Mark::getLine));
  }

  private YamlValue value(Event event, int depth) {
    requirePlain(event);
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case MappingStartEvent start -> mapping(start, inside(start, depth));
      case SequenceStartEvent start -> sequence(start, inside(start, depth));
      default -> throw new MalformedYaml(at(event), "not YAML: a value is expected");
    };
  }

  private static void requirePlain(Event event) {
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent n && n.getAnchor().isPresent())) {
      throw new MalformedYaml(at(event), "anchors and aliases are not allowed");
    }
    boolean tagged =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag().isPresent();
          case CollectionStartEvent start -> start.getTag().isPresent();
          default -> false;
        };
    if (tagged) {
      throw new MalformedYaml(at(event), "tags are not allowed");
    }
  }

  private static int inside(Event event, int depth) {
    if (depth >= MAX_DEPTH) {
      throw new MalformedYaml(at(event), "nested more than %d levels deep".formatted(MAX_DEPTH));
    }
    return depth + 1;
  }

  private static YamlValue.Scalar scalar(ScalarEvent scalar) {
    var tag = KINDS.resolve(scalar.getValue(), scalar.getImplicit().canOmitTagInPlainScalar());
    return new YamlValue.Scalar(at(scalar), kind(tag), scalar.getValue());
  }

  private static YamlValue.ScalarKind kind(Tag tag) {
    return tag.equals(Tag.STR)
        ? YamlValue.ScalarKind.TEXT
        : tag.equals(Tag.INT)
            ? YamlValue.ScalarKind.INTEGER
            : tag.equals(Tag.BOOL)
                ? YamlValue.ScalarKind.BOOLEAN
                : tag.equals(Tag.NULL) ? YamlValue.ScalarKind.NULL : YamlValue.ScalarKind.OTHER;
  }

  private YamlValue sequence(Event start, int depth) {
    var items = new ArrayList<YamlValue>();
    for (var event = events.next(); isStart(event); event = events.next()) {
      items.add(value(event, depth));
    }
    return new YamlValue.Sequence(at(start), items);
  }

  private YamlValue mapping(Event start, int depth) {
    var members = new LinkedHashMap<String, YamlValue.Member>();
    for (var key = events.next(); isStart(key); key = events.next()) {
      requirePlain(key);
      var word = word(key);
      var member = new YamlValue.Member(at(key), value(events.next(), depth));
      if (members.put(word, member) != null) {
        throw new MalformedYaml(at(key), "key '%s' is given twice".formatted(word));
      }
    }
    return new YamlValue.Mapping(at(start), members);
  }

  /// What `null`, `true` or `1` mean as a key differs from reader to reader; in quotation marks
  /// they are text.
  private static String word(Event key) {
    if (key instanceof ScalarEvent scalar
        && scalar(scalar).kind() == YamlValue.ScalarKind.TEXT
        && !scalar.getValue().isBlank()
        && isOnOneLine(scalar)) {
      return scalar.getValue();
    }
    throw new MalformedYaml(at(key), "a key must be text on one line");
  }

  /// Whether a value begins with it; otherwise the collection ends.
  private static boolean isStart(Event event) {
    return event instanceof NodeEvent;
  }

  private static SourcePosition at(Event event) {
    return event.getStartMark().map(YamlReader::at).orElse(SourcePosition.START);
  }

  private static SourcePosition at(Mark mark) {
    return new SourcePosition(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
