package org.openlockbox.node;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.openlockbox.node.NodeFailure.Code;
import org.openlockbox.node.demo.DemoCommand;
import org.openlockbox.node.demo.RehearseCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program behind `lockbox up`, `demo`, `resource`, `token` and `recover`: the verbs that need
/// a host's own configuration. All other verbs are the client's (`org.openlockbox.cli`).
@Command(
    name = "lockbox",
    synopsisSubcommandLabel = "(up | demo | resource | token | recover)",
    description = "Runs a lockbox node.",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      ResourceCommand.class,
      TokenCommand.class,
      RecoverCommand.class,
      RehearseCommand.class
    })
public final class Main implements Runnable {
  @Override
  public void run() {
    throw new NodeFailure(Code.USAGE, "which verb? up, demo, resource, token or recover");
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /// Runs one verb and answers its exit code. The one place where a failure becomes a sentence.
  static int run(String... arguments) {
    var error = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new CommandLine(new Main())
        .setErr(error)
        .setExecutionExceptionHandler((failure, _, _) -> told(failure, error))
        .execute(arguments);
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
      if (cause instanceof NodeFailure told) {
        return told;
      }
      String said = String.valueOf(cause.getMessage());
      if (said.contains("No space left")) {
        return new NodeFailure(Code.DISK_FULL, "the disk is full: " + said, cause);
      }
      if (cause instanceof SQLException) {
        return new NodeFailure(Code.FAILURE, "the database says: " + said, cause);
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
