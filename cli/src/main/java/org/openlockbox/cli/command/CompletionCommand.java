package org.openlockbox.cli.command;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.terminal.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Print a completion script for your shell.",
    footer = {
      "",
      "Examples:",
      "  source <(lockbox completion bash)      # zsh as well, after bashcompinit",
      "  lockbox completion fish | source"
    })
public final class CompletionCommand extends LockboxCommand {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  private Shell shell = Shell.bash;

  public CompletionCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// Lower-case because the constants are what one types.
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Override
  protected ExitCode run() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    CommandLine root = spec.root().commandLine();
    terminal()
        .print(
            switch (shell) {
              case bash, zsh -> AutoComplete.bash("lockbox", root);
              case fish -> fish(root);
            });
    return ExitCode.OK;
  }

  private static String fish(CommandLine root) {
    StringBuilder script = new StringBuilder("complete -c lockbox -f\n");
    root.getSubcommands()
        .forEach(
            (name, command) -> {
              line(script, "__fish_use_subcommand", "-a " + name, describe(command));
              String seen = "__fish_seen_subcommand_from " + name;
              command
                  .getSubcommands()
                  .forEach((inner, leaf) -> line(script, seen, "-a " + inner, describe(leaf)));
              options(script, seen, command);
              command.getSubcommands().values().forEach(leaf -> options(script, seen, leaf));
            });
    return script.toString();
  }

  private static void options(StringBuilder script, String seen, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      String description = option.description().length == 0 ? "" : option.description()[0];
      String value = option.arity().max() > 0 ? " -r" : "";
      line(script, seen, "-l " + option.longestName().replace("--", "") + value, description);
    }
  }

  private static void line(StringBuilder script, String when, String what, String description) {
    script
        .append("complete -c lockbox -n '")
        .append(when)
        .append("' ")
        .append(what)
        .append(" -d '")
        .append(description.replace("'", "\\'"))
        .append("'\n");
  }

  private static String describe(CommandLine command) {
    String[] lines = command.getCommandSpec().usageMessage().description();
    return lines.length == 0 ? "" : lines[0];
  }
}
