package org.openlockbox.cli.command.session;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.connect.GatewayLogin;
import org.openlockbox.cli.connect.PsqlProgram;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "psql",
    description = {
      "Run psql on what a request was approved for; what follows -- goes to psql.",
      "Exits as psql does, but 5 while it is not approved, 6 when it is over, 7 when it was revoked."
    },
    footer = {"", "Example:", "  lockbox psql R-7K3F92QX4M -- -c 'select count(*) from customers'"})
public final class PsqlCommand extends ConnectingCommand {
  private static final int CONNECTION_LOST = 2;

  @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments for psql, after --.")
  private List<String> arguments = new ArrayList<>();

  private int psqlExit;

  public PsqlCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected int number(ExitCode exit) {
    return exit == ExitCode.OK ? psqlExit : exit.number();
  }

  @Override
  protected ExitCode run() {
    PsqlProgram psql = PsqlProgram.find(call.surroundings().environment());
    GatewayLogin login = ApprovedRequestLogin.login(this);
    psqlExit = psql.run(login, arguments);
    if (psqlExit == CONNECTION_LOST) {
      tellIfEnded();
    }
    return ExitCode.OK;
  }

  /// psql only saw its connection end. If that is because the access ended, say so.
  private void tellIfEnded() {
    try {
      ApiObject now = requests().find(request()).object();
      ExitCode state = ExitCode.ofState(now.text("state"));
      if (state == ExitCode.REVOKED || state == ExitCode.EXPIRED) {
        throw EndedRequest.failure(now);
      }
    } catch (Failure told) {
      if (told.exit() == ExitCode.REVOKED || told.exit() == ExitCode.EXPIRED) {
        throw told;
      }
      terminal().mention(told.sentence()); // psql's own exit code stands
    }
  }
}
