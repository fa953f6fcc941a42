package org.openlockbox.core.canonical;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A JSON value of the restricted kind that every document of ours is made of: whole numbers up to
/// 2^53 - 1, no duplicate members, no banned code points (see [TextRules]), at most 16 levels.
/// Immutable. A value that exists can be written, and reading it back gives an equal value.
@SuppressWarnings("JavaLangClash") // JSON's own words for its kinds of values
public sealed interface Json {
  /// Deepest nesting of arrays and objects.
  int MAX_DEPTH = 16;

  /// Longest document that is read unless the caller sets another limit.
  int MAX_BYTES = 1 << 20;

  /// Members in canonical order: by the UTF-16 code units of their names (RFC 8785 section 3.2.3).
  record Object(SortedMap<String, Json> members) implements Json {
    public Object {
      members.keySet().forEach(Json::checkName);
      var sorted = new TreeMap<String, Json>();
      sorted.putAll(members);
      members = Collections.unmodifiableSortedMap(sorted);
    }
  }

  record Array(List<Json> items) implements Json {
    public Array {
      items = List.copyOf(items);
    }
  }

  record Text(String value) implements Json {
    public Text {
      if (!TextRules.allows(value)) {
        throw new MalformedJson("a text has a control, invisible or broken character");
      }
    }
  }

  record Number(long value) implements Json {
    /// 2^53 - 1, the largest whole number on which all JSON readers agree.
    public static final long MAX = (1L << 53) - 1;

    public Number {
      if (value > MAX || value < -MAX) {
        throw new MalformedJson("a number lies between -(2^53 - 1) and 2^53 - 1");
      }
    }
  }

  record Bool(boolean value) implements Json {}

  record Null() implements Json {}

  /// Reads a document in which white space and the order of members are free, as people and other
  /// programs write them; everything else is as strict as in [CanonicalJson#parse].
  static Json read(byte[] utf8) {
    return read(utf8, MAX_BYTES);
  }

  static Json read(byte[] utf8, int maxBytes) {
    return JsonReader.read(utf8, maxBytes);
  }

  /// Starts a new object.
  static JsonObjectBuilder object() {
    return new JsonObjectBuilder();
  }

  static Text text(String value) {
    return new Text(value);
  }

  static Array array(List<? extends Json> items) {
    return new Array(List.copyOf(items));
  }

  /// An array of texts.
  static Array texts(List<String> items) {
    return new Array(items.stream().<Json>map(Text::new).toList());
  }

  private static void checkName(String name) {
    if (!TextRules.allowsLine(name)) {
      throw new MalformedJson("a member name has a control, invisible or broken character");
    }
  }
}
