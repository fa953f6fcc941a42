package org.openlockbox.node.process;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import org.openlockbox.node.process.NodeFailure.Code;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// Runs a program's verbs: each has `--help` with the exit codes, and a failure becomes one
/// sentence and an exit code, here and nowhere else.
public final class CommandRunner {
  private static final int HELP_WIDTH = 120;

  private CommandRunner() {}

  /// Runs the verb that the arguments name, and answers its exit code.
  public static int run(Runnable program, String... arguments) {
    var error = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return commandLine(program)
        .setErr(error)
        .setExecutionExceptionHandler((failure, _, _) -> told(failure, error))
        .execute(arguments);
  }

  /// The program's verbs, with their help.
  public static CommandLine commandLine(Runnable program) {
    var main = new CommandLine(program);
    explain(main);
    return main.setUsageHelpWidth(HELP_WIDTH);
  }

  /// `--help` for every verb, with the exit codes.
  private static void explain(CommandLine command) {
    command.getSubcommands().values().forEach(CommandRunner::explain);
    var codes = new LinkedHashMap<String, String>();
    codes.put("0", "done");
    for (Code code : Code.values()) {
      codes.put(Integer.toString(code.exit()), code.meaning());
    }
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build())
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(codes);
  }

  private static int told(Exception failure, PrintWriter error) {
    var known = known(failure);
    error.println("lockbox: " + known.getMessage());
    if (known.code() == Code.FAILURE && System.getenv("LOCKBOX_TRACE") != null) {
      failure.printStackTrace(error);
    }
    return known.code().exit();
  }

  private static NodeFailure known(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean told = cause instanceof NodeFailure known && known.code() != Code.FAILURE;
      if (!told && String.valueOf(cause.getMessage()).contains("No space left")) {
        return new NodeFailure(Code.DISK_FULL, "the disk is full: " + cause.getMessage(), failure);
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NodeFailure told) {
        return told;
      }
      if (cause instanceof SQLException) {
        return new NodeFailure(Code.FAILURE, "the database says: " + cause.getMessage(), failure);
      }
    }
    boolean inWords =
        failure.getMessage() != null
            && (failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException);
    String what = inWords ? failure.getMessage() : failure.toString();
    return new NodeFailure(Code.FAILURE, what + " (LOCKBOX_TRACE=1 shows where)", failure);
  }
}
