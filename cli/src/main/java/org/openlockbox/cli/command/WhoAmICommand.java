package org.openlockbox.cli.command;

import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.FieldList;
import picocli.CommandLine.Command;

@Command(
    name = "whoami",
    description = "Show who the server takes you for.",
    footer = {"", "Example:", "  lockbox whoami"})
public final class WhoAmICommand extends LockboxCommand {
  public WhoAmICommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject me = api().get("/v1/whoami").object();
    if (call.json()) {
      terminal().print(me.line());
    } else {
      facts(me).printTo(terminal());
    }
    return ExitCode.OK;
  }

  static FieldList facts(ApiObject me) {
    return new FieldList()
        .add("subject", me.text("subject"))
        .add("name", me.text("name"))
        .add("roles", String.join(", ", me.texts("roles")))
        .add("tenant", me.text("tenant"));
  }
}
