package org.openlockbox.cli.command.request;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "ls",
    aliases = "list",
    description = "List the requests you may see, newest first.",
    footer = {"", "Example:", "  lockbox request ls --state pending"})
public final class RequestListCommand extends LockboxCommand {
  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.")
  private @Nullable TenantId tenant;

  @Option(names = "--state", paramLabel = "S", description = "Only those in this state.")
  private @Nullable RequestState state;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int limit;

  public RequestListCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String path =
        (tenant == null
                ? "/v1/requests"
                : "/v1/tenants/" + Api.encoded(tenant.value()) + "/requests")
            + (state == null ? "" : "?state=" + state.word());
    List<ApiObject> found = requests().pages(path, "requests", limit);
    if (call.json()) {
      Json list = Json.array(found.stream().map(ApiObject::json).toList());
      terminal().print(new ApiObject(Json.object().put("requests", list).build()).line());
    } else {
      show(found);
    }
    return ExitCode.OK;
  }

  private void show(List<ApiObject> found) {
    TextTable table =
        new TextTable(
                "ID",
                "STATE",
                "TENANT",
                "RESOURCE",
                "LEVEL",
                "ENGINEER",
                "TICKET",
                "DECIDE BY / ENDS")
            .withStates("STATE");
    for (ApiObject request : found) {
      ApiObject grant = request.object("grant");
      table.row(
          request.text("id"),
          request.text("state"),
          request.text("tenant"),
          request.text("resource"),
          grant.has("level") ? grant.text("level") : request.text("level"),
          request.object("engineer").text("id"),
          request.text("ticket"),
          requests().timing(request));
    }
    table.printTo(terminal());
    if (found.isEmpty()) {
      terminal().mention("no requests");
    }
  }
}
