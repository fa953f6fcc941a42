package org.openlockbox.check.authzen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// An object of a JSON body, read strictly (I-JSON, RFC 7493): one document, no member twice,
/// bounded depth and sizes. Members that nobody asks for are ignored, as the API demands.
final class JsonBody {
  private static final int DEEPEST = 16;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  /// A value, as far as it matters here.
  private sealed interface JsonValue {
    record JsonMembers(Map<String, JsonValue> byName) implements JsonValue {}

    record JsonItems(List<JsonValue> items) implements JsonValue {}

    /// Text, number, true or false.
    record JsonScalar(String text, boolean quoted) implements JsonValue {}

    /// Counts as absent.
    record JsonNull() implements JsonValue {}
  }

  private final Map<String, JsonValue> members;
  private final String place;

  private JsonBody(Map<String, JsonValue> members, String place) {
    this.members = members;
    this.place = place;
  }

  /// Reads a body.
  ///
  /// @throws MalformedQuestion if it is no JSON object
  static JsonBody parse(Bytes body) {
    if (body.isEmpty()) {
      throw new MalformedQuestion("the body is empty");
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body.toArray())) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedQuestion("the body is empty");
      }
      JsonValue value = value(parser, first);
      if (parser.nextToken() != null) {
        throw new MalformedQuestion("the body has more than one document");
      }
      if (value instanceof JsonValue.JsonMembers(var members)) {
        return new JsonBody(members, "");
      }
      throw new MalformedQuestion("the body is no JSON object");
    } catch (JacksonException e) {
      throw new MalformedQuestion("the body is no JSON, or has a member twice");
    }
  }

  private static JsonValue value(JsonParser parser, JsonToken at) {
    return switch (at) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> items(parser);
      case VALUE_NULL -> new JsonValue.JsonNull();
      default -> new JsonValue.JsonScalar(parser.getString(), at == JsonToken.VALUE_STRING);
    };
  }

  private static JsonValue members(JsonParser parser) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      members.put(name, value(parser, parser.nextToken()));
    }
    return new JsonValue.JsonMembers(members);
  }

  private static JsonValue items(JsonParser parser) {
    List<JsonValue> items = new ArrayList<>();
    for (JsonToken at = parser.nextToken(); at != JsonToken.END_ARRAY; at = parser.nextToken()) {
      items.add(value(parser, at));
    }
    return new JsonValue.JsonItems(items);
  }

  private Optional<JsonValue> member(String name) {
    return Optional.ofNullable(members.get(name))
        .filter(value -> !(value instanceof JsonValue.JsonNull));
  }

  private String at(String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  /// A text that has to be there.
  String text(String name) {
    return optionalText(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new MalformedQuestion(at(name) + " is missing"));
  }

  Optional<String> optionalText(String name) {
    return member(name)
        .map(
            value -> {
              if (value instanceof JsonValue.JsonScalar(String text, boolean quoted) && quoted) {
                return text;
              }
              throw new MalformedQuestion(at(name) + " has to be a text");
            });
  }

  /// An object that has to be there.
  JsonBody object(String name) {
    return optionalObject(name).orElseThrow(() -> new MalformedQuestion(at(name) + " is missing"));
  }

  Optional<JsonBody> optionalObject(String name) {
    return member(name)
        .map(
            value -> {
              if (value instanceof JsonValue.JsonMembers(var inner)) {
                return new JsonBody(inner, at(name));
              }
              throw new MalformedQuestion(at(name) + " has to be an object");
            });
  }

  /// The objects of an array; empty if it is absent.
  Optional<List<JsonBody>> optionalObjects(String name) {
    return member(name)
        .map(
            value -> {
              if (value instanceof JsonValue.JsonItems(var items)) {
                return objects(items, name);
              }
              throw new MalformedQuestion(at(name) + " has to be an array");
            });
  }

  private List<JsonBody> objects(List<JsonValue> items, String name) {
    List<JsonBody> objects = new ArrayList<>();
    for (JsonValue each : items) {
      if (!(each instanceof JsonValue.JsonMembers(var inner))) {
        throw new MalformedQuestion(at(name) + " has to hold objects");
      }
      objects.add(new JsonBody(inner, ""));
    }
    return objects;
  }

  /// This object, and where it lacks one of these members that of `defaults`.
  JsonBody or(JsonBody defaults, List<String> names) {
    Map<String, JsonValue> both = new LinkedHashMap<>(members);
    for (String each : names) {
      defaults.member(each).ifPresent(value -> both.putIfAbsent(each, value));
    }
    return new JsonBody(both, place);
  }

  /// The members that are single values, as texts.
  Map<String, String> scalars() {
    Map<String, String> scalars = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> {
          if (value instanceof JsonValue.JsonScalar(String text, boolean _)) {
            scalars.put(name, text);
          }
        });
    return scalars;
  }
}
