package org.openlockbox.cli.command;

import java.util.concurrent.Callable;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;

/// One command of `lockbox`. Runs to an [ExitCode], or throws a `Failure`.
public abstract class LockboxCommand implements Callable<Integer> {
  @Mixin public final CommonOptions call;

  protected LockboxCommand(CommandContext surroundings) {
    this.call = new CommonOptions(surroundings);
  }

  protected abstract ExitCode run();

  @Override
  public final Integer call() {
    try {
      return number(run());
    } finally {
      call.close();
    }
  }

  /// The number that the shell gets. Only `psql` answers with another program's.
  protected int number(ExitCode exit) {
    return exit.number();
  }

  public final Api api() {
    return call.api();
  }

  protected final Terminal terminal() {
    return call.terminal();
  }

  public final Requests requests() {
    return new Requests(call.api(), terminal(), call.surroundings().clock());
  }

  /// Prints one request as the user wants it printed.
  protected final void printRequest(ApiObject request) {
    if (call.json()) {
      terminal().print(request.line());
    } else {
      requests().describe(request).printTo(terminal());
    }
  }
}
