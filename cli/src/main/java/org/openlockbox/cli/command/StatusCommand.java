package org.openlockbox.cli.command;

import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.ServerProfile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "Show which server, profile and role are used, and whether the server answers.",
    footer = {"", "Example:", "  lockbox status --profile engineer"})
public final class StatusCommand extends LockboxCommand {
  public StatusCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ServerProfile profile = call.profile();
    if (!call.json()) {
      new FieldList()
          .add("configuration", call.surroundings().config().path().toString())
          .add("profile", profile.name().isEmpty() ? "(from the environment)" : profile.name())
          .add("server", profile.server())
          .add("key", profile.key())
          .printTo(terminal());
    }
    ApiObject me = api().get("/v1/whoami").object();
    if (call.json()) {
      Json.Object status =
          Json.object()
              .put("profile", profile.name())
              .put("server", profile.server())
              .put("status", "up")
              .put("whoami", me.json())
              .build();
      terminal().print(new ApiObject(status).line());
    } else {
      WhoAmICommand.facts(me).printTo(terminal());
      terminal().mention(terminal().good("the server answers"));
    }
    return ExitCode.OK;
  }
}
