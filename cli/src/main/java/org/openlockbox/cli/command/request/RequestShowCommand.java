package org.openlockbox.cli.command.request;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "show",
    description = "Show one request.",
    footer = {"", "Example:", "  lockbox request show R-7K3F92QX4M"})
public final class RequestShowCommand extends RequestCommand {
  @Option(
      names = "--closing",
      description = "Show its closing record instead: who decided, what was done, how it ended.")
  private boolean closing;

  public RequestShowCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject found = requests().find(request()).object();
    if (closing) {
      showClosing(api().get(Requests.path(found) + "/closing").object());
    } else {
      printRequest(found);
    }
    return ExitCode.OK;
  }

  private void showClosing(ApiObject answer) {
    if (call.json()) {
      terminal().print(answer.object("closing").line());
    } else {
      answer.texts("lines").forEach(line -> terminal().print(Terminal.clean(line)));
    }
  }
}
