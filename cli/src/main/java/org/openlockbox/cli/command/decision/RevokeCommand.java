package org.openlockbox.cli.command.decision;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.Revocation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "revoke",
    description = {
      "End access now: sessions are cut within a second, and nothing reopens them.",
      "With a key it is signed; without one your sign-in is enough, because ending never needs more."
    },
    footer = {"", "Example:", "  lockbox revoke R-7K3F92QX4M --key acme-approver.key"})
public final class RevokeCommand extends DecisionCommand {
  @Option(names = "--unsigned", description = "End it without a signature, even if there is a key.")
  private boolean unsigned;

  public RevokeCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiResponse found = requests().find(request());
    ApiObject request = found.object();
    String state = request.text("state");
    if (!state.equals("approved") && !state.equals("removalFailed")) {
      throw EndedRequest.nothingToRevoke(request);
    }
    return unsigned || !hasKey() ? stop(request) : sign(found);
  }

  private ExitCode sign(ApiResponse found) {
    SigningMaterial desk = prepare(found);
    confirm("End access of " + desk.shown().submission().engineer().id() + " now?");
    Revocation revocation =
        new Revocation(
            desk.shown().submission().tenant(),
            desk.shown().origin(),
            desk.shown().ref(),
            desk.approver().approver(),
            comment,
            Nonce.random(call.surroundings().random()));
    return send(desk, "revoke", revocation.unsigned().signedBy(desk.key()), "revocation signed");
  }

  private ExitCode stop(ApiObject request) {
    ApiObject ended =
        api().post(Requests.path(request) + ":revoke", Json.object().build()).object();
    printRequest(ended);
    terminal().mention("ended without a signature");
    return ExitCode.OK;
  }
}
