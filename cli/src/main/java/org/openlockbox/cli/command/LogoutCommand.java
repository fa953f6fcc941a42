package org.openlockbox.cli.command;

import org.openlockbox.cli.profile.ServerProfile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

/// Ends what `lockbox login` began: at the server first, then in the profile.
@Command(
    name = "logout",
    description = "Sign out: the server forgets this sign-in, and the profile its token.",
    footer = {"", "Example:", "  lockbox logout"})
public final class LogoutCommand extends LockboxCommand {
  public LogoutCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ServerProfile profile = call.profile();
    try {
      api().post("/v1/sign-out", Json.object().build());
    } catch (Failure over) {
      if (over.exit() != ExitCode.NOT_SIGNED_IN || profile.token().isEmpty()) {
        throw over;
      }
      terminal().mention("the sign-in was over already");
    }
    if (!profile.name().isEmpty()) {
      call.surroundings().profiles().keep(profile.withToken(""));
    }
    terminal().mention("signed out");
    return ExitCode.OK;
  }
}
