package org.openlockbox.core.canonical;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.openlockbox.tlog.tree.Hash;

/// Collects the members of one object, in any order. A name may be put once.
public final class JsonObjectBuilder {
  private final TreeMap<String, Json> members = new TreeMap<>();

  JsonObjectBuilder() {}

  public JsonObjectBuilder put(String name, Json value) {
    if (members.putIfAbsent(name, value) != null) {
      throw new IllegalStateException("member put twice: " + name);
    }
    return this;
  }

  public JsonObjectBuilder put(String name, String value) {
    return put(name, new Json.Text(value));
  }

  public JsonObjectBuilder put(String name, long value) {
    return put(name, new Json.Number(value));
  }

  public JsonObjectBuilder put(String name, boolean value) {
    return put(name, new Json.Bool(value));
  }

  /// Standard base64 with padding.
  public JsonObjectBuilder put(String name, Bytes value) {
    return put(name, value.base64());
  }

  /// Lower-case hexadecimal.
  public JsonObjectBuilder put(String name, Hash value) {
    return put(name, value.hex());
  }

  /// ISO 8601 in UTC; refuses what is finer than a millisecond.
  public JsonObjectBuilder put(String name, Instant value) {
    return put(name, Fields.instantText(value));
  }

  /// ISO 8601.
  public JsonObjectBuilder put(String name, Duration value) {
    return put(name, value.toString());
  }

  public JsonObjectBuilder put(String name, List<? extends Json> items) {
    return put(name, Json.array(items));
  }

  public JsonObjectBuilder putTexts(String name, List<String> items) {
    return put(name, Json.texts(items));
  }

  public JsonObjectBuilder putNumbers(String name, List<Long> items) {
    return put(name, items.stream().map(Json.Number::new).toList());
  }

  /// Leaves the member out when there is no value: absent is never written as null.
  public JsonObjectBuilder putIfPresent(String name, Optional<String> value) {
    value.ifPresent(present -> put(name, present));
    return this;
  }

  public Json.Object build() {
    return new Json.Object(members);
  }
}
