package org.openlockbox.cli.command.notify;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "test",
    description = "Send every contact a mail that asks nothing.",
    footer = {"", "Example:", "  lockbox notify test"})
public final class NotifyTestCommand extends OwnTenantCommand {
  public NotifyTestCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String sent = api().post(path("/notifications:test"), Json.object().build()).text();
    return done(sent, "a mail is on its way to every contact; see: lockbox notify ls");
  }
}
