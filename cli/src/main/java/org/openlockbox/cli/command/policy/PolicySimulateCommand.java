package org.openlockbox.cli.command.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "simulate",
    description = {
      "Ask the server what a policy would change: which requests of the last 90 days would have gone",
      "another way, and what it decides otherwise than the one in force. Nothing is stored."
    },
    footer = {"", "Example:", "  lockbox policy simulate -f policy.yaml --tenant acme"})
public final class PolicySimulateCommand extends LockboxCommand {
  @Mixin private final PolicyFile file = new PolicyFile();

  @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant.")
  private @Nullable TenantId tenant;

  public PolicySimulateCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    file.read(terminal());
    String path = "/v1/tenants/" + Api.encoded(String.valueOf(tenant)) + "/policy:draft";
    ApiObject look = api().post(path, Json.object().put("text", file.text()).build()).object();
    if (call.json()) {
      terminal().print(look.line());
      return ExitCode.OK;
    }
    terminal().print(look.text("sentence"));
    requests(look.list("changed"));
    outlook(look.list("table"));
    for (ApiObject finding : look.list("findings")) {
      terminal()
          .say(
              "%s: %s%s"
                  .formatted(
                      finding.text("severity"),
                      finding.has("rule") ? "rule " + finding.text("rule") + ": " : "",
                      finding.text("what")));
    }
    return ExitCode.OK;
  }

  private void requests(List<ApiObject> changed) {
    if (changed.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("REQUEST", "CREATED", "IS", "IN FORCE", "DRAFT");
    for (ApiObject each : changed) {
      table.row(
          each.text("request"),
          each.text("createTime"),
          each.text("state"),
          ruling(each.object("before")),
          ruling(each.object("after")));
    }
    table.printTo(terminal());
  }

  private static String ruling(ApiObject given) {
    return "%s (%s)".formatted(given.text("words"), given.text("rule"));
  }

  private void outlook(List<ApiObject> rows) {
    List<ApiObject> changed =
        rows.stream().filter(row -> !row.texts("before").equals(row.texts("after"))).toList();
    if (changed.isEmpty()) {
      terminal().print("The draft decides as the policy in force does.");
      return;
    }
    TextTable table = new TextTable("PURPOSE", "LEVEL", "IN FORCE", "DRAFT");
    for (ApiObject row : changed) {
      table.row(
          row.text("purpose"),
          row.text("level"),
          String.join(" or ", row.texts("before")),
          String.join(" or ", row.texts("after")));
    }
    table.printTo(terminal());
  }
}
