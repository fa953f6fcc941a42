package org.openlockbox.cli.command.request;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "complete",
    description = "Give access back before its time: the work is done.",
    footer = {"", "Example:", "  lockbox complete R-7K3F92QX4M --comment \"Reset the login\""})
public final class CompleteCommand extends RequestCommand {
  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "What was done, for the tenant's closing record.")
  private String comment = "";

  public CompleteCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject found = requests().find(request()).object();
    JsonObjectBuilder body = Json.object();
    if (!comment.isEmpty()) {
      body.put("comment", comment);
    }
    printRequest(api().post(Requests.path(found) + ":complete", body.build()).object());
    return ExitCode.OK;
  }
}
