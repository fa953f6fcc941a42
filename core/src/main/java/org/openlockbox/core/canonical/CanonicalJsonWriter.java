package org.openlockbox.core.canonical;

import java.util.Collection;

/// Writes one object of canonical JSON, its members in order, without making the values first: for
/// what is written once per statement. A test compares with [CanonicalJson].
public final class CanonicalJsonWriter {
  private final StringBuilder json = new StringBuilder(512).append('{');

  /// Begins an object.
  public CanonicalJsonWriter() {}

  private CanonicalJsonWriter name(String name) {
    return separated().quoted(name).raw(":");
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

  private CanonicalJsonWriter raw(String spelled) {
    json.append(spelled);
    return this;
  }

  /// A text whose kind has nothing that needs an escape: an identifier, a hash, a word.
  public CanonicalJsonWriter word(String name, String word) {
    return name(name).quoted(word);
  }

  /// Any text.
  public CanonicalJsonWriter text(String name, String text) {
    return name(name).raw(CanonicalJson.text(Json.text(text)));
  }

  public CanonicalJsonWriter number(String name, long number) {
    name(name).json.append(number);
    return this;
  }

  public CanonicalJsonWriter words(String name, Collection<String> words) {
    name(name).raw("[");
    words.forEach(word -> separated().quoted(word));
    return raw("]");
  }

  /// A value that is spelled already.
  public CanonicalJsonWriter spelled(String name, String canonical) {
    return name(name).raw(canonical);
  }

  public String done() {
    return json.append('}').toString();
  }
}
