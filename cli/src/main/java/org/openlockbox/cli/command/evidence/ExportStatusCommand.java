package org.openlockbox.cli.command.evidence;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.bundle.StoryText;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = {
      "How the sinks stand that the server tells events: what waits, and the last error.",
      "An operator sees all sinks; a tenant's people see how far theirs have been told."
    },
    footer = {"", "Example:", "  lockbox export status"})
public final class ExportStatusCommand extends LockboxCommand {
  @Option(names = "--tenant", paramLabel = "T", description = "Your tenant (default: your own).")
  private @Nullable TenantId tenant;

  public ExportStatusCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String own = tenant == null ? api().get("/v1/whoami").object().text("tenant") : tenant.value();
    ApiObject answer =
        api()
            .get(
                own.isEmpty()
                    ? "/v1/export/sinks"
                    : "/v1/tenants/" + Api.encoded(own) + "/export/sinks")
            .object();
    if (call.json()) {
      terminal().print(answer.line());
    } else if (own.isEmpty()) {
      all(answer.list("sinks"));
    } else {
      mine(answer.list("sinks"), answer.text("size"));
    }
    return ExitCode.OK;
  }

  private void all(List<ApiObject> sinks) {
    TextTable table = new TextTable("SINK", "WHERE", "TENANTS", "ENTRIES", "SINCE", "LAST ERROR");
    for (ApiObject sink : sinks) {
      table.row(
          sink.text("sink"),
          sink.text("where"),
          sink.text("tenantsWaiting"),
          sink.text("entriesWaiting"),
          sink.text("failingSince"),
          quoted(sink.text("lastError")));
    }
    table.printTo(terminal());
  }

  /// What a sink answered is a stranger's words.
  private static String quoted(String error) {
    return error.isEmpty() ? "" : StoryText.word(error);
  }

  private void mine(List<ApiObject> sinks, String size) {
    TextTable table = new TextTable("SINK", "DELIVERED", "OF", "STATE");
    for (ApiObject sink : sinks) {
      table.row(sink.text("sink"), sink.text("delivered"), size, sink.text("state"));
    }
    table.printTo(terminal());
  }
}
