package org.openlockbox.core.canonical;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The one spelling that every signed or logged document has: RFC 8785 for our kinds of values. For
/// every accepted `x`, `bytes(parse(x))` equals `x` byte for byte, so nobody can carry a second
/// meaning past the check.
public final class CanonicalJson {
  private CanonicalJson() {}

  /// Accepts only canonical bytes; throws [MalformedJson] for everything else.
  public static Json parse(byte[] canonical) {
    var value = Json.read(canonical);
    if (!Arrays.equals(bytes(value), canonical)) {
      throw new MalformedJson("not in canonical form");
    }
    return value;
  }

  public static Json parse(Bytes canonical) {
    return parse(canonical.toArray());
  }

  public static byte[] bytes(Json value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  public static String text(Json value) {
    var out = new StringBuilder();
    write(value, 0, out);
    return out.toString();
  }

  private static void write(Json value, int depth, StringBuilder out) {
    boolean container = value instanceof Json.Object || value instanceof Json.Array;
    if (container && depth >= Json.MAX_DEPTH) {
      throw new MalformedJson("nested more than %d levels deep".formatted(Json.MAX_DEPTH));
    }
    switch (value) {
      case Json.Object object -> writeObject(object, depth, out);
      case Json.Array array -> writeArray(array, depth, out);
      case Json.Text text -> writeText(text.value(), out);
      case Json.Number number -> out.append(number.value());
      case Json.Bool bool -> out.append(bool.value());
      case Json.Null none -> out.append("null");
    }
  }

  private static void writeObject(Json.Object object, int depth, StringBuilder out) {
    var separator = "{";
    for (var member : object.members().entrySet()) {
      out.append(separator);
      writeText(member.getKey(), out);
      out.append(':');
      write(member.getValue(), depth + 1, out);
      separator = ",";
    }
    out.append(object.members().isEmpty() ? "{}" : "}");
  }

  private static void writeArray(Json.Array array, int depth, StringBuilder out) {
    var separator = "[";
    for (var item : array.items()) {
      out.append(separator);
      write(item, depth + 1, out);
      separator = ",";
    }
    out.append(array.items().isEmpty() ? "[]" : "]");
  }

  /// RFC 8785 section 3.2.2.2. Of the controls only newline and tab can occur.
  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      var escape = escape(text.charAt(i));
      if (!escape.isEmpty()) {
        out.append(text, run, i).append(escape);
        run = i + 1;
      }
    }
    out.append(text, run, text.length()).append('"');
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default -> "";
    };
  }
}
