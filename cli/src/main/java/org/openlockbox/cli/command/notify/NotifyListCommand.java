package org.openlockbox.cli.command.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.access.RequestId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "ls",
    description = {
      "What became of each mail and each call of a webhook, the newest first.",
      "An attempt that stays 'begun' was cut off: nobody knows whether it arrived."
    },
    footer = {"", "Example:", "  lockbox notify ls --state dead"})
public final class NotifyListCommand extends OwnTenantCommand {
  @Option(
      names = "--state",
      paramLabel = "S",
      description = "Only waiting, sent or dead (given up until you resend it).")
  private String state = "";

  @Option(names = "--request", paramLabel = "R-…", description = "Only about this request.")
  private @Nullable String request;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 50).")
  private int limit = 50;

  public NotifyListCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String query = "/deliveries?pageSize=" + limit;
    if (!state.isEmpty()) {
      query += "&state=" + Api.encoded(state);
    }
    if (request != null) {
      query += "&request=" + new RequestId(request).value();
    }
    ApiObject shown = api().get(path(query)).object();
    if (call.json()) {
      terminal().print(shown.line());
      return ExitCode.OK;
    }
    TextTable table =
        new TextTable("ID", "CREATED", "WHAT", "ABOUT", "TO", "STATE", "ATTEMPTS", "LAST ANSWER");
    for (ApiObject delivery : shown.list("deliveries")) {
      List<ApiObject> attempts = delivery.list("attempts");
      ApiObject last = attempts.isEmpty() ? delivery : attempts.getLast();
      table.row(
          delivery.text("id"),
          delivery.text("createdAt"),
          delivery.text("kind"),
          delivery.text("request"),
          delivery.text("to"),
          delivery.text("state"),
          Integer.toString(attempts.size()),
          last.text("answer"));
    }
    table.printTo(terminal());
    return ExitCode.OK;
  }
}
