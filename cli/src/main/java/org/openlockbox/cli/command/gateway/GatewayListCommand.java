package org.openlockbox.cli.command.gateway;

import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import picocli.CommandLine.Command;

@Command(
    name = "ls",
    aliases = "list",
    description = "List the gateways that this server knows, with what they showed last.",
    footer = {"", "Example:", "  lockbox gateway ls"})
public final class GatewayListCommand extends LockboxCommand {
  public GatewayListCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject answer = api().get("/v1/gateways").object();
    if (call.json()) {
      terminal().print(answer.line());
      return ExitCode.OK;
    }
    List<ApiObject> gateways = answer.list("gateways");
    TextTable table =
        new TextTable(
            "GATEWAY", "STATE", "SESSIONS", "NOT AFTER", "RESOURCES", "KEY", "VERSION", "REGION");
    for (ApiObject gateway : gateways) {
      table.row(
          gateway.text("gateway"),
          gateway.text("state"),
          gateway.text("sessions"),
          gateway.text("notAfter"),
          String.join(",", gateway.texts("resources")),
          gateway.required("key").substring(0, 12),
          gateway.text("version"),
          gateway.text("region"));
    }
    table.printTo(terminal());
    return ExitCode.OK;
  }
}
