package org.openlockbox.cli.command.notify;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import picocli.CommandLine.Command;

@Command(
    name = "show",
    description = {
      "Show who of the tenant is told what, in which zone, and when not.",
      "Audiences: approvers are told of requests at once, backup when half of the time to answer",
      "is over, admins when three quarters are; auditors get closing records."
    },
    footer = {"", "Example:", "  lockbox notify show"})
public final class NotifyShowCommand extends OwnTenantCommand {
  public NotifyShowCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject shown = api().get(path("/notifications")).object();
    if (call.json()) {
      terminal().print(shown.line());
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ADDRESS", "AUDIENCE", "TOPICS", "ZONE", "QUIET");
    for (ApiObject contact : shown.list("contacts")) {
      ApiObject quiet = contact.object("quiet");
      table.row(
          contact.text("address"),
          contact.text("audience"),
          String.join(",", contact.texts("topics")),
          contact.text("zone"),
          quiet.has("from") ? quiet.text("from") + "-" + quiet.text("until") : "");
    }
    table.printTo(terminal());
    return ExitCode.OK;
  }
}
