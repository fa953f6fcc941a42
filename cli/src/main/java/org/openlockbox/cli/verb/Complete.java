package org.openlockbox.cli.verb;

import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "complete",
    description = "Give access back before its time: the work is done.",
    footer = {"", "Example:", "  lockbox complete R-7K3F92QX4M"})
final class Complete extends OnRequest {
  Complete(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  ExitCode run() {
    ApiObject found = requests().find(request()).object();
    printRequest(api().post(Requests.path(found) + ":complete", Json.object().build()).object());
    return ExitCode.OK;
  }
}
