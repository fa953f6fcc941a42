package org.openlockbox.cli.terminal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A thing told as `name value` lines, aligned; empty values are left out.
public final class FieldList {
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final Map<String, String> states = new LinkedHashMap<>();

  public FieldList add(String name, String value) {
    if (!value.isEmpty()) {
      lines.put(name, Terminal.clean(value));
    }
    return this;
  }

  /// The state of something, in its colour, and more words about it.
  public FieldList addState(String name, String state, String more) {
    states.put(name, Terminal.clean(state));
    return add(name, state + more);
  }

  /// Prints them on stdout.
  public void printTo(Terminal terminal) {
    each(terminal, terminal::print);
  }

  /// Says them on stderr.
  public void sayTo(Terminal terminal) {
    each(terminal, terminal::say);
  }

  private void each(Terminal terminal, Consumer<String> line) {
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach(
        (name, value) -> {
          String state = states.getOrDefault(name, "");
          String shown =
              state.isEmpty() ? value : terminal.state(state) + value.substring(state.length());
          line.accept(name + " ".repeat(width - name.length() + 2) + shown);
        });
  }
}
