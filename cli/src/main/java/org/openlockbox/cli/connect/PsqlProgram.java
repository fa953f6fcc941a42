package org.openlockbox.cli.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// The system's `psql`, run with the files of one login and nothing of the user's own PostgreSQL
/// settings that could send it elsewhere. The files are gone when it ends.
///
/// Ctrl-C belongs to psql (it cancels a statement), but the terminal sends it to this process as
/// well. The JVM then starts to shut down; the hook waits for psql, removes the files and ends with
/// psql's own exit code.
public final class PsqlProgram {
  private static final Set<String> KEPT =
      Set.of("PGOPTIONS", "PGTZ", "PGDATESTYLE", "PGCLIENTENCODING", "PGCONNECT_TIMEOUT");

  private final Path program;
  private final Map<String, String> environment;

  private PsqlProgram(Path program, Map<String, String> environment) {
    this.program = program;
    this.environment = environment;
  }

  /// Finds psql on the `PATH`, before anything is asked of the server.
  public static PsqlProgram find(Map<String, String> environment) {
    for (String folder :
        environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin").split(":", -1)) {
      Path candidate = Path.of(folder, "psql");
      if (!folder.isEmpty() && Files.isExecutable(candidate)) {
        return new PsqlProgram(candidate, environment);
      }
    }
    throw new Failure(
        ExitCode.FAILURE,
        "psql is not installed: install the package postgresql-client (postgresql on Fedora and RHEL)");
  }

  /// Runs psql to its end and gives its exit code.
  public int run(GatewayLogin login, List<String> arguments) {
    LoginFiles files = LoginFiles.write(LoginFiles.temporary(), login);
    try {
      Process psql = start(files, arguments);
      Thread onInterrupt = new Thread(() -> finish(psql, files), "psql-ends-first");
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      int code = psql.waitFor();
      forget(onInterrupt);
      return code;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted");
    } finally {
      files.delete();
    }
  }

  private Process start(LoginFiles files, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().clear();
    environment.forEach(
        (name, value) -> {
          boolean secret = name.equals("LOCKBOX_TOKEN");
          if (!secret && (!name.startsWith("PG") || KEPT.contains(name))) {
            builder.environment().put(name, value);
          }
        });
    builder.environment().put("PGSERVICEFILE", files.serviceFile().toString());
    builder.environment().put("PGSERVICE", LoginFiles.SERVICE);
    builder.environment().put("PGPASSFILE", files.passwordFile().toString());
    try {
      return builder.start();
    } catch (IOException failed) {
      throw new Failure(ExitCode.FAILURE, program + " does not start: " + failed.getMessage());
    }
  }

  private static void finish(Process psql, LoginFiles files) {
    try {
      int code = psql.waitFor();
      files.delete();
      Runtime.getRuntime().halt(code);
    } catch (InterruptedException stopped) {
      files.delete();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // the hook is already running and ends the process with psql's code
    }
  }
}
