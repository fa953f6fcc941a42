package org.openlockbox.core.subject;

/// What an engineer is called, in the alphabet of [PlainName]. It is kept beside the log, as a text
/// that can be erased; the engineer's id is what stays.
public record EngineerName(String text) {
  public EngineerName {
    PlainName.require("name", text);
  }

  /// The name that a directory has, without what a name may not hold; the id where nothing is left.
  public static EngineerName of(String name, SubjectId id) {
    String plain = PlainName.of(name);
    return new EngineerName(plain.isEmpty() ? id.value() : plain);
  }

  @Override
  public String toString() {
    return text;
  }
}
