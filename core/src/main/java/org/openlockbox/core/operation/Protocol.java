package org.openlockbox.core.operation;

import java.util.Arrays;
import java.util.Optional;
import org.openlockbox.core.canonical.MalformedJson;

/// How a resource is reached. The list is closed: an entry that names another one is refused.
public enum Protocol {
  POSTGRESQL("postgresql", "row"),
  HTTP("http", "object"),
  SSH("ssh", "file");

  private final String word;
  private final String unit;

  Protocol(String word, String unit) {
    this.word = word;
    this.unit = unit;
  }

  /// What an outcome's units are, as people call one of them.
  public String unit() {
    return unit;
  }

  /// The word in entries.
  public String word() {
    return word;
  }

  /// The protocol with this word.
  ///
  /// @throws MalformedJson if there is none
  public static Protocol parse(String word) {
    return find(word).orElseThrow(() -> new MalformedJson("not a protocol: " + word));
  }

  private static Optional<Protocol> find(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
