package org.openlockbox.cli.command.tenant;

import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "ls",
    aliases = "list",
    description = "List the tenants you may see.",
    footer = {"", "Example:", "  lockbox tenant ls"})
public final class TenantListCommand extends LockboxCommand {
  public TenantListCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    List<ApiObject> tenants = requests().pages("/v1/tenants", "tenants", 10_000);
    if (call.json()) {
      Json list = Json.array(tenants.stream().map(ApiObject::json).toList());
      terminal().print(new ApiObject(Json.object().put("tenants", list).build()).line());
      return ExitCode.OK;
    }
    TextTable table = new TextTable("TENANT", "NAME", "QUORUM", "PIN");
    for (ApiObject tenant : tenants) {
      table.row(tenant.text("id"), tenant.text("name"), tenant.text("quorum"), tenant.text("pin"));
    }
    table.printTo(terminal());
    return ExitCode.OK;
  }
}
