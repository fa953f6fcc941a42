package org.openlockbox.core.canonical;

import java.util.Collection;

/// Spells JSON canonically: RFC 8785 for our kinds of values. It is the one place that does.
///
/// An instance writes one object without making its values first, for what is written once per
/// operation. Its members stand as they are added, so the caller adds them in canonical order; the
/// tests compare with [CanonicalJson].
public final class CanonicalJsonWriter {
  private final StringBuilder json = new StringBuilder(512).append('{');

  /// Begins an object.
  public CanonicalJsonWriter() {}

  /// The spelling of a whole value.
  static String text(Json value) {
    var out = new StringBuilder();
    write(value, 0, out);
    return out.toString();
  }

  /// A text whose kind has nothing that needs an escape: an identifier, a hash, a word.
  public CanonicalJsonWriter word(String name, String word) {
    return name(name).quoted(word);
  }

  /// Any text.
  public CanonicalJsonWriter text(String name, String text) {
    name(name);
    writeText(Json.text(text).value(), json);
    return this;
  }

  public CanonicalJsonWriter number(String name, long number) {
    name(name).json.append(number);
    return this;
  }

  /// Any texts.
  public CanonicalJsonWriter texts(String name, Collection<String> texts) {
    beginList(name);
    texts.forEach(text -> writeText(Json.text(text).value(), separated().json));
    return end(']');
  }

  public CanonicalJsonWriter words(String name, Collection<String> words) {
    beginList(name);
    words.forEach(word -> separated().quoted(word));
    return end(']');
  }

  /// A value that is spelled already.
  public CanonicalJsonWriter spelled(String name, String canonical) {
    name(name).json.append(canonical);
    return this;
  }

  /// A member that is an object; what is added belongs to it until [#end()].
  public CanonicalJsonWriter begin(String name) {
    name(name).json.append('{');
    return this;
  }

  /// A member that is a list of objects, each of them from [#beginItem] to [#end()]. It ends with
  /// [#endList].
  public CanonicalJsonWriter beginList(String name) {
    name(name).json.append('[');
    return this;
  }

  public CanonicalJsonWriter beginItem() {
    separated().json.append('{');
    return this;
  }

  public CanonicalJsonWriter end() {
    return end('}');
  }

  public CanonicalJsonWriter endList() {
    return end(']');
  }

  /// Ends the object that the writer began with.
  public String done() {
    return end().json.toString();
  }

  private CanonicalJsonWriter name(String name) {
    separated().quoted(name).json.append(':');
    return this;
  }

  private CanonicalJsonWriter separated() {
    char last = json.charAt(json.length() - 1);
    if (last != '{' && last != '[') {
      json.append(',');
    }
    return this;
  }

  private CanonicalJsonWriter quoted(String word) {
    json.append('"').append(word).append('"');
    return this;
  }

  private CanonicalJsonWriter end(char bracket) {
    json.append(bracket);
    return this;
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
