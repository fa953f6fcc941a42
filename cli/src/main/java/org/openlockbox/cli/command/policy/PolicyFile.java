package org.openlockbox.cli.command.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import picocli.CommandLine.Option;

/// A policy in a file, in YAML or JSON.
final class PolicyFile {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The policy, in YAML or JSON.")
  private Path file = Path.of("");

  /// The text as it stands there.
  String text() {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw Failure.usage("there is no file " + file, "lockbox policy get T > " + file);
    } catch (IOException unreadable) {
      throw Failure.usage(file + " cannot be read: " + unreadable.getMessage(), "");
    }
  }

  /// The policy that stands there; what is wrong with it is told line by line.
  Policy read(Terminal terminal) {
    return switch (new PolicyText(new CelConditions()).read(text())) {
      case PolicyText.Read.Good(var policy) -> policy;
      case PolicyText.Read.Bad(var problems) -> {
        problems.forEach(problem -> terminal.say(terminal.bad(file + ", " + problem)));
        throw new Failure(ExitCode.FAILURE, file + " is no policy", "");
      }
    };
  }
}
