package org.openlockbox.cli.command;

import org.openlockbox.cli.terminal.Failure;
import picocli.CommandLine.Option;

/// Asks the person at the keyboard, before anything is signed. Where nobody sits there, whoever
/// wrote the script has said yes.
public final class Confirmation {
  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  /// Goes on if the person says yes.
  ///
  /// @throws Failure if not
  public void require(CommonOptions call, String question) {
    if (yes || !call.surroundings().interactive()) {
      return;
    }
    call.terminal().ask(question + " [y/N] ");
    String answer = call.answer().strip();
    if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
      throw Failure.usage("nothing was signed", "");
    }
  }
}
