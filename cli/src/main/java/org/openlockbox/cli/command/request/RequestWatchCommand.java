package org.openlockbox.cli.command.request;

import java.time.Instant;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "watch",
    description = {
      "Print each change of a request until it is over.",
      "With --decision: until it is decided; the exit code says how (0 approved, 5 denied, 6 lapsed)."
    },
    footer = {"", "Example:", "  lockbox request watch R-7K3F92QX4M --decision"})
public final class RequestWatchCommand extends RequestCommand {
  @Option(names = "--decision", description = "Stop when it is decided.")
  private boolean decision;

  public RequestWatchCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject first = requests().find(request()).object();
    if (!decision) {
      return ExitCode.ofState(requests().follow(first, this::tell).text("state"));
    }
    tell(first);
    ApiObject last = requests().awaitDecision(first, Instant.MAX);
    if (!last.text("state").equals(first.text("state"))) {
      tell(last);
    }
    return ExitCode.ofState(last.text("state"));
  }

  private void tell(ApiObject request) {
    if (call.json()) {
      terminal().print(request.line());
      return;
    }
    String time = call.surroundings().clock().instant().toString();
    String sessions = request.text("openSessions");
    terminal()
        .print(
            time.substring(0, 19)
                + "Z  "
                + request.text("id")
                + "  "
                + terminal().state(request.text("state"))
                + Requests.suffix(", until ", request.text("expireTime"))
                + (sessions.isEmpty() || sessions.equals("0")
                    ? ""
                    : ", open sessions: " + sessions));
  }
}
