package org.openlockbox.cli.command;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A word that only stands before other words, such as `request`. By itself it is a usage error.
public abstract class CommandGroup implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  boolean help() {
    return help;
  }

  @Override
  public void run() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    String words = String.join("|", known.subcommands().keySet());
    String name = known.qualifiedName();
    throw new Failure(ExitCode.USAGE, "say which: " + name + " " + words, name + " --help");
  }
}
