package org.openlockbox.cli.command.notify;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "resend",
    description = "Deliver one mail or call of a webhook once more, under the same id.",
    footer = {"", "Example:", "  lockbox notify resend 17"})
public final class NotifyResendCommand extends OwnTenantCommand {
  @Parameters(paramLabel = "ID", description = "Which one, as lockbox notify ls shows it.")
  private long id;

  public NotifyResendCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String sent = api().post(path("/deliveries/" + id + ":resend"), Json.object().build()).text();
    return done(sent, id + " goes out again; see: lockbox notify ls");
  }
}
