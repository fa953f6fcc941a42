package org.openlockbox.cli.command.request;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "withdraw",
    description = "Take back a request that nobody has decided.",
    footer = {"", "Example:", "  lockbox request withdraw R-7K3F92QX4M"})
public final class RequestWithdrawCommand extends RequestCommand {
  public RequestWithdrawCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject found = requests().find(request()).object();
    printRequest(api().post(Requests.path(found) + ":withdraw", Json.object().build()).object());
    return ExitCode.OK;
  }
}
