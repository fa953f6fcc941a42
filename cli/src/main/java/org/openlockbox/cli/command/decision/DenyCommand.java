package org.openlockbox.cli.command.decision;

import java.util.Optional;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import picocli.CommandLine.Command;

@Command(
    name = "deny",
    description = "Refuse a request, signed, best with a --comment.",
    footer = {
      "",
      "Example:",
      "  lockbox deny R-7K3F92QX4M --key acme-approver.key --comment 'No ticket of ours'"
    })
public final class DenyCommand extends DecisionCommand {
  public DenyCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiResponse found = requests().find(request());
    EndedRequest.requirePending(found.object());
    SigningMaterial desk = prepare(found);
    terminal().say(terminal().bold("You deny as " + desk.approver().name() + ":"));
    new RequestWords(call.surroundings().clock())
        .request(desk.shown())
        .add("comment", comment)
        .sayTo(terminal());
    confirm("Deny this?");
    Decision decision =
        new Decision(
            desk.shown().submission().tenant(),
            desk.shown().origin(),
            desk.shown().ref(),
            desk.approver().approver(),
            Optional.empty(),
            comment,
            Nonce.random(call.surroundings().random()));
    return send(desk, "deny", decision.unsigned().signedBy(desk.key()), "signed");
  }
}
