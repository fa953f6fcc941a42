package org.openlockbox.cli.terminal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A thing told as `name value` lines, aligned; empty values are left out.
public final class FieldList {
  private final Map<String, String> lines = new LinkedHashMap<>();

  public FieldList add(String name, String value) {
    if (!value.isEmpty()) {
      lines.put(name, Terminal.clean(value));
    }
    return this;
  }

  /// Prints them on stdout.
  public void printTo(Terminal terminal) {
    each(terminal::print);
  }

  /// Says them on stderr.
  public void sayTo(Terminal terminal) {
    each(terminal::say);
  }

  private void each(Consumer<String> line) {
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach(
        (name, value) -> line.accept(name + " ".repeat(width - name.length() + 2) + value));
  }
}
