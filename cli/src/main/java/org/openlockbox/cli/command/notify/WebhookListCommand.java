package org.openlockbox.cli.command.notify;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "ls",
    description = "The tenant's webhooks. Their secrets are shown once, when they are made.",
    footer = {"", "Example:", "  lockbox webhook ls"})
public final class WebhookListCommand extends OwnTenantCommand {
  public WebhookListCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject shown = api().get(path("/webhooks")).object();
    if (call.json()) {
      terminal().print(shown.line());
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ID", "URL", "TOPICS", "STATE");
    for (ApiObject webhook : shown.list("webhooks")) {
      boolean on = webhook.json().members().get("on") instanceof Json.Bool(boolean yes) && yes;
      table.row(
          webhook.text("id"),
          webhook.text("url"),
          String.join(",", webhook.texts("topics")),
          on ? "on" : "off");
    }
    table.printTo(terminal());
    return ExitCode.OK;
  }
}
