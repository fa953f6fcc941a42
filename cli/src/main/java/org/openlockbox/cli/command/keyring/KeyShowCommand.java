package org.openlockbox.cli.command.keyring;

import java.nio.file.Path;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.VerifyingKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show the public half of a key file. No server is asked.",
    footer = {"", "Example:", "  lockbox key show anna.key --pem"})
public final class KeyShowCommand extends LockboxCommand {
  @Parameters(paramLabel = "KEY", description = "The key file, or an SSH key.")
  private String name = "";

  @Option(names = "--pem", description = "Print only the public key as PEM, to give to others.")
  private boolean pem;

  public KeyShowCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Path file = call.surroundings().config().key(name);
    VerifyingKey key = call.surroundings().keys().publicHalf(file);
    if (pem) {
      call.terminal().print(KeyFile.format(key).strip());
    } else {
      KeyNewCommand.tell(call, file.toString(), key);
    }
    return ExitCode.OK;
  }
}
