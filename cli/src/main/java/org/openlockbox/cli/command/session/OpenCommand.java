package org.openlockbox.cli.command.session;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.session.ApprovedRequestLogin.ApprovedTarget;
import org.openlockbox.cli.connect.ServiceLogin;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "open",
    description = {
      "Print a link that opens what a request was approved for in a browser.",
      "The link is good once at one gateway. Whoever has it first has the session:"
          + " do not pass it on."
    },
    footer = {"", "Example:", "  lockbox open R-7K3F92QX4M"})
public final class OpenCommand extends ConnectingCommand {
  public OpenCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    switch (ApprovedRequestLogin.target(this)) {
      case ApprovedTarget.SqlTarget(var request) ->
          throw new Failure(
              ExitCode.USAGE,
              request.text("resource") + " is a database, which no browser speaks to",
              "lockbox psql " + request.text("id"));
      case ApprovedTarget.HttpTarget service -> {
        ServiceLogin login = ApprovedRequestLogin.login(this, service);
        ServiceLogin.BrowserAddress address = login.browserLink();
        print(login, address.link());
        address
            .warning()
            .ifPresent(words -> terminal().mention("browsers will warn of it: " + words));
      }
    }
    return ExitCode.OK;
  }

  private void print(ServiceLogin login, String link) {
    if (call.json()) {
      terminal()
          .print(
              CanonicalJson.text(
                  Json.object()
                      .put("url", link)
                      .put("expireTime", login.expires().toString())
                      .build()));
      return;
    }
    terminal().print(link);
    terminal().mention("good once at one gateway, until " + login.expires());
  }
}
