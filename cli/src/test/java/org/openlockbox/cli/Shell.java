package org.openlockbox.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.CommandWords;
import org.openlockbox.cli.terminal.Terminal;

/// Types commands as a person would, without a process for each.
final class Shell {
  private final Map<String, String> environment = new HashMap<>();
  private final InstantSource clock;
  private String typed = "";
  private boolean interactive;

  Shell(Path config, InstantSource clock) {
    this.clock = clock;
    environment.put("LOCKBOX_CONFIG_DIR", config.toString());
  }

  /// What came of a command.
  record Result(int exit, String out, String err) {}

  Shell with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Shell at(StubServer server) {
    return at(server.url());
  }

  Shell at(String server) {
    return with("LOCKBOX_SERVER", server).with("LOCKBOX_TOKEN", "lbx_test");
  }

  /// A person at the keyboard who types this.
  Shell typing(String text) {
    typed = text;
    interactive = true;
    return this;
  }

  Result run(String... said) {
    String[] words = CommandWords.verbFirst(said);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandContext surroundings =
        new CommandContext(
            new Terminal(stream(out), stream(err), false, environment),
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            interactive,
            environment,
            clock,
            new SecureRandom());
    int exit = Lockbox.commandLine(surroundings, words[0]).execute(words);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
