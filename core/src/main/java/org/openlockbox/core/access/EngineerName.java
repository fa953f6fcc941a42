package org.openlockbox.core.access;

/// What an engineer is called: a line of 1 to 100 characters. It is kept beside the log, as a text
/// that can be erased; the engineer's id is what stays.
public record EngineerName(String text) {
  public EngineerName {
    Engineer.requireLine("name", text);
  }

  @Override
  public String toString() {
    return text;
  }
}
