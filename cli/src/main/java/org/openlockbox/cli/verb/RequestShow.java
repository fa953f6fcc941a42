package org.openlockbox.cli.verb;

import org.openlockbox.cli.terminal.ExitCode;
import picocli.CommandLine.Command;

@Command(
    name = "show",
    description = "Show one request.",
    footer = {"", "Example:", "  lockbox request show R-7K3F92QX4M"})
final class RequestShow extends OnRequest {
  RequestShow(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  ExitCode run() {
    printRequest(requests().find(request()).object());
    return ExitCode.OK;
  }
}
