package org.openlockbox.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Show the version.",
    footer = {"", "Example:", "  lockbox version"})
public final class VersionCommand extends LockboxCommand {
  public VersionCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String java = System.getProperty("java.version", "");
    if (call.json()) {
      Json.Object json = Json.object().put("version", number()).put("java", java).build();
      call.terminal().print(CanonicalJson.text(json));
    } else {
      call.terminal().print("lockbox " + number() + " (Java " + java + ")");
    }
    return ExitCode.OK;
  }

  static String number() {
    try (InputStream text = VersionCommand.class.getResourceAsStream("version.txt")) {
      return text == null
          ? "unknown"
          : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
