package org.openlockbox.cli.command.decision;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "review",
    description = "Let a request go on to the tenant, or stop it: the provider's second person.",
    footer = {"", "Example:", "  lockbox review R-7K3F92QX4M --approve"})
public final class ReviewCommand extends RequestCommand {
  @ArgGroup(multiplicity = "1")
  private ReviewChoice verdict = new ReviewChoice();

  @Option(names = "--comment", paramLabel = "TEXT", description = "What to say with it.")
  private String comment = "";

  public ReviewCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// Exactly one of the two.
  static final class ReviewChoice {
    @Option(names = "--approve", required = true, description = "Let it go on.")
    private boolean approve;

    @Option(names = "--reject", required = true, description = "Stop it.")
    private boolean reject;

    private String word() {
      return approve && !reject ? "approve" : "reject";
    }
  }

  @Override
  protected ExitCode run() {
    ApiObject found = requests().find(request()).object();
    JsonObjectBuilder body = Json.object().put("verdict", verdict.word());
    if (!comment.isEmpty()) {
      body.put("comment", comment);
    }
    printRequest(api().post(Requests.path(found) + ":review", body.build()).object());
    return ExitCode.OK;
  }
}
